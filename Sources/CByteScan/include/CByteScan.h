// Bytes of a text, 64 at a time, as bit masks: bit i is set where byte i is the one asked for.
// Inlined into Swift, where a comparison of vectors cannot be turned into bits.
#ifndef CBYTESCAN_H
#define CBYTESCAN_H

#include <stdint.h>

typedef struct {
  uint64_t delimiters, quotes, lineFeeds, carriageReturns;
} RowMasks;

typedef struct {
  uint64_t quotes, nonASCII, zeros;
} TextMasks;

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

static inline TextMasks textMasks(const uint8_t *start) {
  TextMasks masks = {0, 0, 0};
  for (int part = 0; part < 4; part++) {
    ByteVector bytes = BYTESCAN_LOAD(start, part);
    masks.quotes |= BYTESCAN_BITS(bytes == '"') << (16 * part);
    masks.nonASCII |= BYTESCAN_BITS(bytes) << (16 * part);
    masks.zeros |= BYTESCAN_BITS(bytes == 0) << (16 * part);
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

static inline TextMasks textMasks(const uint8_t *start) {
  TextMasks masks = {0, 0, 0};
  for (int i = 0; i < 64; i++) {
    masks.quotes |= (uint64_t)(start[i] == '"') << i;
    masks.nonASCII |= (uint64_t)(start[i] >> 7) << i;
    masks.zeros |= (uint64_t)(start[i] == 0) << i;
  }
  return masks;
}
#endif

#endif
