// Bytes of a text, many at a time. What is worth it is there for wider vectors too, chosen at run
// time, because the package is built for every processor of its kind; all levels give the same.
#ifndef CBYTESCAN_H
#define CBYTESCAN_H

#include <stddef.h>
#include <stdint.h>

/// The vectors that a function may use.
typedef enum __attribute__((enum_extensibility(closed))) {
  VectorLevelBaseline = 0,
  /// AVX2, BMI and POPCNT.
  VectorLevelAVX2 = 1,
  /// AVX-512 with VBMI2 besides.
  VectorLevelAVX512 = 2,
} VectorLevel;

/// The widest that this processor has.
VectorLevel widestVectorLevel(void);

/// What some bytes hold.
typedef struct {
  size_t quotes;
  /// Line feeds, and carriage returns that no line feed of these bytes follows.
  size_t lineBreaks;
  /// Not 0 where a byte is beyond ASCII, or is 0.
  uint64_t nonASCII, zeros;
} TextFindings;

TextFindings surveyText(const uint8_t *start, size_t count, VectorLevel level);

/// Where cells end, by their bytes' distances from the start of the text.
typedef struct {
  /// Delimiters and line feeds, ascending; 64 more than `capacity` may be written.
  int32_t *ends;
  /// For each line feed, its place in `ends`; as many as `ends` has room for.
  int32_t *rowEnds;
  int32_t endCount, rowCount, capacity;
} CellEnds;

/// Lists the cells that end in whole blocks of 64 bytes from `from` on, and gives where it stopped:
/// before a block with a quotation mark or a carriage return that no line feed follows, before one that
/// goes beyond `to`, or where the list is full. One byte beyond `to` is read.
size_t listCellEnds(
    const uint8_t *start, size_t from, size_t to, uint8_t delimiter, CellEnds *list,
    VectorLevel level);

/// Gives each byte its entry in a table of 256, of which those below `used` are asked for.
void mapBytes(
    const uint8_t *bytes, uint8_t *mapped, size_t count, const uint8_t *table, size_t used,
    VectorLevel level);

/// 64 bytes as bit masks: bit i is set where byte i is the one asked for. Inlined into Swift, where a
/// comparison of vectors cannot be turned into bits.
typedef struct {
  uint64_t delimiters, quotes, lineFeeds, carriageReturns;
} RowMasks;

#if defined(__SSE2__)
typedef char ByteVector __attribute__((vector_size(16)));
typedef char UnalignedByteVector __attribute__((vector_size(16), aligned(1)));
#define BYTESCAN_BITS(vector) ((uint64_t)(uint16_t)__builtin_ia32_pmovmskb128((ByteVector)(vector)))
#define BYTESCAN_LOAD(start, part) (*(const UnalignedByteVector *)((start) + 16 * (part)))

static inline RowMasks rowMasks(const uint8_t *start, uint8_t delimiter) {
  RowMasks masks = {0, 0, 0, 0};
  for (int part = 0; part < 4; part++) {
    ByteVector bytes = BYTESCAN_LOAD(start, part);
    masks.delimiters |= BYTESCAN_BITS(bytes == (char)delimiter) << (16 * part);
    masks.quotes |= BYTESCAN_BITS(bytes == '"') << (16 * part);
    masks.lineFeeds |= BYTESCAN_BITS(bytes == '\n') << (16 * part);
    masks.carriageReturns |= BYTESCAN_BITS(bytes == '\r') << (16 * part);
  }
  return masks;
}
#else
static inline RowMasks rowMasks(const uint8_t *start, uint8_t delimiter) {
  RowMasks masks = {0, 0, 0, 0};
  for (int i = 0; i < 64; i++) {
    masks.delimiters |= (uint64_t)(start[i] == delimiter) << i;
    masks.quotes |= (uint64_t)(start[i] == '"') << i;
    masks.lineFeeds |= (uint64_t)(start[i] == '\n') << i;
    masks.carriageReturns |= (uint64_t)(start[i] == '\r') << i;
  }
  return masks;
}
#endif

#endif
