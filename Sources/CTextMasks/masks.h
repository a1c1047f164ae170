// Sixteen bytes at once: which of them are of a kind, as bits, the first byte in the lowest.
//
// One instruction makes such bits on x86-64 and three on ARM, and Swift has no name for either.
#pragma once

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define TALLY_INLINE static inline __attribute__((always_inline))

// Bytes from `first` on, `count` of them, counted without a sign.
TALLY_INLINE uint32_t tally_range16(const uint8_t *bytes, uint8_t first, uint8_t count) {
#if defined(__SSE2__)
    // Shifted so that the range begins at the least signed byte, since only signed ones compare.
    __m128i shifted = _mm_add_epi8(_mm_loadu_si128((const __m128i *)bytes),
                                   _mm_set1_epi8((char)(0x80 - first)));
    return (uint32_t)_mm_movemask_epi8(
        _mm_cmplt_epi8(shifted, _mm_set1_epi8((char)(0x80 + count))));
#elif defined(__aarch64__)
    const uint8x16_t weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t found = vcltq_u8(vsubq_u8(vld1q_u8(bytes), vdupq_n_u8(first)), vdupq_n_u8(count));
    uint8x16_t bits = vandq_u8(found, weights);
    return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
#else
    uint32_t bits = 0;
    for (int index = 0; index < 16; index++)
        bits |= (uint32_t)((uint8_t)(bytes[index] - first) < count) << index;
    return bits;
#endif
}

TALLY_INLINE uint32_t tally_upper16(const uint8_t *bytes) { return tally_range16(bytes, 'A', 26); }

TALLY_INLINE uint32_t tally_lower16(const uint8_t *bytes) { return tally_range16(bytes, 'a', 26); }

TALLY_INLINE uint32_t tally_digits16(const uint8_t *bytes) { return tally_range16(bytes, '0', 10); }

// Carriage returns and line feeds.
TALLY_INLINE uint32_t tally_newlines16(const uint8_t *bytes) {
    return tally_range16(bytes, '\n', 1) | tally_range16(bytes, '\r', 1);
}

// The white space of ASCII.
TALLY_INLINE uint32_t tally_spaces16(const uint8_t *bytes) {
    return tally_range16(bytes, ' ', 1) | tally_range16(bytes, '\t', 5);
}

// Bytes of characters beyond ASCII.
TALLY_INLINE uint32_t tally_wide16(const uint8_t *bytes) { return tally_range16(bytes, 0x80, 128); }

// One for a byte below 0x80 that is neither letter, digit nor line end: such a byte may stand before
// a word.
TALLY_INLINE uint32_t tally_lead(uint8_t byte) {
    static const uint8_t leads[256] = {
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1,
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
    };
    return leads[byte];
}

#undef TALLY_INLINE
