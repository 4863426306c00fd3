#include "CByteScan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define AVX512 \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt")))

VectorLevel widestVectorLevel(void) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi")
      || !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("popcnt"))
    return VectorLevelBaseline;
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
          && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")
      ? VectorLevelAVX512 : VectorLevelAVX2;
}
#else
VectorLevel widestVectorLevel(void) { return VectorLevelBaseline; }
#endif

#define SHARED static inline __attribute__((always_inline))

// How far ahead of a block memory is asked for: processors do not look beyond a page of 4 KB by themselves.
enum { aheadBytes = 2048 };

typedef struct {
  uint64_t quotes, lineFeeds, carriageReturns, nonASCII, zeros;
} SurveyMasks;

typedef struct {
  TextFindings found;
  // 1 where the byte before was a carriage return.
  uint64_t afterReturn;
} Survey;

SHARED void surveyBlock(Survey *survey, SurveyMasks masks) {
  survey->found.quotes += masks.quotes ? __builtin_popcountll(masks.quotes) : 0;
  survey->found.lineBreaks += __builtin_popcountll(masks.lineFeeds);
  survey->found.nonASCII |= masks.nonASCII;
  survey->found.zeros |= masks.zeros;
  if (masks.carriageReturns | survey->afterReturn) {
    uint64_t afterReturns = masks.carriageReturns << 1 | survey->afterReturn;
    survey->found.lineBreaks += __builtin_popcountll(masks.carriageReturns);
    survey->found.lineBreaks -= __builtin_popcountll(afterReturns & masks.lineFeeds);
    survey->afterReturn = masks.carriageReturns >> 63;
  }
}

SHARED TextFindings surveyRest(Survey *survey, const uint8_t *start, size_t count) {
  SurveyMasks masks = {0, 0, 0, 0, 0};
  for (size_t i = 0; i < count; i++) {
    masks.quotes |= (uint64_t)(start[i] == '"') << i;
    masks.lineFeeds |= (uint64_t)(start[i] == '\n') << i;
    masks.carriageReturns |= (uint64_t)(start[i] == '\r') << i;
    masks.nonASCII |= (uint64_t)(start[i] >> 7) << i;
    masks.zeros |= (uint64_t)(start[i] == 0) << i;
  }
  surveyBlock(survey, masks);
  return survey->found;
}

static TextFindings surveyBaseline(const uint8_t *start, size_t count) {
  Survey survey = {{0, 0, 0, 0}, 0};
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    __builtin_prefetch(start + i + aheadBytes);
#if defined(__SSE2__)
    SurveyMasks masks = {0, 0, 0, 0, 0};
    for (int part = 0; part < 4; part++) {
      ByteVector bytes = BYTESCAN_LOAD(start + i, part);
      masks.quotes |= BYTESCAN_BITS(bytes == '"') << (16 * part);
      masks.lineFeeds |= BYTESCAN_BITS(bytes == '\n') << (16 * part);
      masks.carriageReturns |= BYTESCAN_BITS(bytes == '\r') << (16 * part);
      masks.nonASCII |= BYTESCAN_BITS(bytes) << (16 * part);
      masks.zeros |= BYTESCAN_BITS(bytes == 0) << (16 * part);
    }
    surveyBlock(&survey, masks);
#else
    surveyRest(&survey, start + i, 64);
#endif
  }
  return surveyRest(&survey, start + i, count - i);
}

// The carriage returns of a block that no line feed follows.
SHARED uint64_t loneReturns(const uint8_t *block, uint64_t returns, uint64_t lineFeeds) {
  return returns & ~(lineFeeds >> 1 | (uint64_t)(block[64] == '\n') << 63);
}

SHARED void listRowEnds(CellEnds *list, uint64_t ends, uint64_t lineFeeds) {
  // Nearly every block has one row end or none: one is written without asking.
  list->rowEnds[list->rowCount] =
      list->endCount + __builtin_popcountll(ends & (lineFeeds ^ (lineFeeds - 1)) >> 1);
  list->rowCount += lineFeeds != 0;
  for (lineFeeds &= lineFeeds - 1; __builtin_expect(lineFeeds != 0, 0); lineFeeds &= lineFeeds - 1)
    list->rowEnds[list->rowCount++] =
        list->endCount + __builtin_popcountll(ends & (lineFeeds ^ (lineFeeds - 1)) >> 1);
}

SHARED size_t listBaseline(
    const uint8_t *start, size_t from, size_t to, uint8_t delimiter, CellEnds *list) {
  CellEnds at = *list;
  size_t base = from;
  for (; base + 64 <= to && at.endCount <= at.capacity; base += 64) {
    __builtin_prefetch(start + base + aheadBytes);
    RowMasks masks = rowMasks(start + base, delimiter);
    if (masks.quotes) break;
    if (masks.carriageReturns && loneReturns(start + base, masks.carriageReturns, masks.lineFeeds))
      break;
    uint64_t ends = masks.delimiters | masks.lineFeeds;
    if (masks.lineFeeds) listRowEnds(&at, ends, masks.lineFeeds);
    for (; ends; ends &= ends - 1) at.ends[at.endCount++] = (int32_t)base + __builtin_ctzll(ends);
  }
  *list = at;
  return base;
}

#if defined(__x86_64__)
AVX2 static uint64_t equalBits(__m256i low, __m256i high, __m256i byte) {
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, byte))
      | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, byte)) << 32;
}

AVX2 static TextFindings surveyAVX2(const uint8_t *start, size_t count) {
  Survey survey = {{0, 0, 0, 0}, 0};
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    __builtin_prefetch(start + i + aheadBytes);
    __m256i low = _mm256_loadu_si256((const __m256i *)(start + i));
    __m256i high = _mm256_loadu_si256((const __m256i *)(start + i + 32));
    surveyBlock(
        &survey, (SurveyMasks){
            equalBits(low, high, _mm256_set1_epi8('"')), equalBits(low, high, _mm256_set1_epi8('\n')),
            equalBits(low, high, _mm256_set1_epi8('\r')),
            (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, high)),
            equalBits(low, high, _mm256_setzero_si256())});
  }
  return surveyRest(&survey, start + i, count - i);
}

AVX512 static TextFindings surveyAVX512(const uint8_t *start, size_t count) {
  Survey survey = {{0, 0, 0, 0}, 0};
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    __builtin_prefetch(start + i + aheadBytes);
    __m512i bytes = _mm512_loadu_si512(start + i);
    surveyBlock(
        &survey, (SurveyMasks){
            _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')),
            _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
            _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')), _mm512_movepi8_mask(bytes),
            _mm512_testn_epi8_mask(bytes, bytes)});
  }
  return surveyRest(&survey, start + i, count - i);
}

AVX2 static size_t listAVX2(
    const uint8_t *start, size_t from, size_t to, uint8_t delimiter, CellEnds *list) {
  const __m256i mark = _mm256_set1_epi8((char)delimiter), quote = _mm256_set1_epi8('"');
  const __m256i lineFeed = _mm256_set1_epi8('\n'), carriageReturn = _mm256_set1_epi8('\r');
  CellEnds at = *list;
  size_t base = from;
  for (; base + 64 <= to && at.endCount <= at.capacity; base += 64) {
    __builtin_prefetch(start + base + aheadBytes);
    __m256i low = _mm256_loadu_si256((const __m256i *)(start + base));
    __m256i high = _mm256_loadu_si256((const __m256i *)(start + base + 32));
    uint64_t lineFeeds = equalBits(low, high, lineFeed);
    uint64_t returns = equalBits(low, high, carriageReturn);
    if (equalBits(low, high, quote)) break;
    if (returns && loneReturns(start + base, returns, lineFeeds)) break;
    uint64_t ends = equalBits(low, high, mark) | lineFeeds;
    listRowEnds(&at, ends, lineFeeds);
    // Eight at a time, whether all are wanted or not: the number of rounds is easier to foresee.
    int count = __builtin_popcountll(ends);
    for (int32_t *to8 = at.ends + at.endCount, *last = to8 + count; to8 < last; to8 += 8) {
      for (int i = 0; i < 8; i++) {
        to8[i] = (int32_t)(base + _tzcnt_u64(ends));
        ends = _blsr_u64(ends);
      }
    }
    at.endCount += count;
  }
  *list = at;
  return base;
}

AVX512 static size_t listAVX512(
    const uint8_t *start, size_t from, size_t to, uint8_t delimiter, CellEnds *list) {
  const __m512i mark = _mm512_set1_epi8((char)delimiter), quote = _mm512_set1_epi8('"');
  const __m512i lineFeed = _mm512_set1_epi8('\n'), carriageReturn = _mm512_set1_epi8('\r');
  static const uint8_t numbers[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  const __m512i places = _mm512_loadu_si512(numbers);
  CellEnds at = *list;
  size_t base = from;
  for (; base + 64 <= to && at.endCount <= at.capacity; base += 64) {
    __builtin_prefetch(start + base + aheadBytes);
    __m512i bytes = _mm512_loadu_si512(start + base);
    uint64_t lineFeeds = _mm512_cmpeq_epi8_mask(bytes, lineFeed);
    uint64_t returns = _mm512_cmpeq_epi8_mask(bytes, carriageReturn);
    if (_mm512_cmpeq_epi8_mask(bytes, quote)) break;
    if (returns && loneReturns(start + base, returns, lineFeeds)) break;
    uint64_t ends = _mm512_cmpeq_epi8_mask(bytes, mark) | lineFeeds;
    listRowEnds(&at, ends, lineFeeds);
    __m512i found = _mm512_maskz_compress_epi8(ends, places);
    __m512i offset = _mm512_set1_epi32((int32_t)base);
    int32_t *to16 = at.ends + at.endCount;
#define STORE(part) \
  _mm512_storeu_si512( \
      to16 + 16 * (part), \
      _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(found, part))))
    int count = __builtin_popcountll(ends);
    STORE(0);
    STORE(1);
    if (count > 32) {
      STORE(2);
      STORE(3);
    }
#undef STORE
    at.endCount += count;
  }
  *list = at;
  return base;
}

AVX2 static void mapAVX2(const uint8_t *bytes, uint8_t *mapped, size_t count, const uint8_t *table) {
  __m256i entries = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    __m256i codes = _mm256_loadu_si256((const __m256i *)(bytes + i));
    _mm256_storeu_si256((__m256i *)(mapped + i), _mm256_shuffle_epi8(entries, codes));
  }
  for (; i < count; i++) mapped[i] = table[bytes[i]];
}
#endif

TextFindings surveyText(const uint8_t *start, size_t count, VectorLevel level) {
#if defined(__x86_64__)
  if (level == VectorLevelAVX512) return surveyAVX512(start, count);
  if (level == VectorLevelAVX2) return surveyAVX2(start, count);
#endif
  return surveyBaseline(start, count);
}

size_t listCellEnds(
    const uint8_t *start, size_t from, size_t to, uint8_t delimiter, CellEnds *list,
    VectorLevel level) {
#if defined(__x86_64__)
  if (level == VectorLevelAVX512) return listAVX512(start, from, to, delimiter, list);
  if (level == VectorLevelAVX2) return listAVX2(start, from, to, delimiter, list);
#endif
  return listBaseline(start, from, to, delimiter, list);
}

void mapBytes(
    const uint8_t *bytes, uint8_t *mapped, size_t count, const uint8_t *table, size_t used,
    VectorLevel level) {
#if defined(__x86_64__)
  if (level != VectorLevelBaseline && used <= 16) return mapAVX2(bytes, mapped, count, table);
#endif
  for (size_t i = 0; i < count; i++) mapped[i] = table[bytes[i]];
}
