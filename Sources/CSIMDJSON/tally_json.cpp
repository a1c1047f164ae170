#include "CSIMDJSON.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace {

using Stage1 = simdjson::internal::dom_parser_implementation;

bool is_space(uint8_t byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

// Shorter texts need no check: their positions take a few MiB at most.
constexpr size_t density_checked_min = 1 << 20;

// Whether a text is mostly punctuation. Its positions, four bytes each, would take several times
// its own size; no event comes near.
bool is_too_dense(const uint8_t *bytes, size_t count) {
    if (count < density_checked_min) return false;
    size_t marks = 0;
    for (size_t index = 0; index < count; index++) {
        const uint8_t byte = bytes[index];
        // Brackets and braces differ in one bit.
        const uint8_t bracket = byte & 0xDF;
        marks += (byte == ',') + (byte == ':') + (bracket == '[') + (bracket == ']');
    }
    return marks > count / 3;
}

}  // namespace

struct tally_json {
    const uint32_t elements_max;
    const uint32_t tokens_max;
    std::unique_ptr<Stage1> stage1;
    const uint8_t *bytes = nullptr;
    size_t count = 0;
    // Indexes into the structural positions: the next one to read and their number.
    uint32_t cursor = 0;
    uint32_t structurals = 0;
    bool is_array = false;
    bool has_escapes = false;
    bool is_finished = true;
    size_t error_offset = 0;
    // Of the current element, and of the largest one that was only checked.
    uint32_t token_count = 0;
    uint32_t token_count_max = 0;
    std::vector<tally_json_token> tokens;
    // Decoded strings of the current value; never longer than their source, so the buffer does not
    // move while tokens point into it.
    std::unique_ptr<uint8_t[]> decoded;
    size_t decoded_capacity = 0;
    size_t decoded_count = 0;

    tally_json(uint32_t elements, uint32_t tokens) : elements_max(elements), tokens_max(tokens) {}

    const uint32_t *positions() const { return stage1->structural_indexes.get(); }
    uint32_t position(uint32_t index) const {
        return index < structurals ? positions()[index] : static_cast<uint32_t>(count);
    }

    // Where the scalar at a structural index ends: before the space that precedes the next one.
    const uint8_t *scalar_end(uint32_t index) const {
        const uint8_t *end = bytes + position(index + 1);
        while (is_space(end[-1])) end--;
        return end;
    }

    tally_json_status fail(tally_json_status status, const uint8_t *at) {
        error_offset = static_cast<size_t>(at - bytes);
        return status;
    }
    // A fault at a structural index; past the last one the text just stops.
    tally_json_status fail_at(tally_json_status status, uint32_t index) {
        if (index >= structurals) return fail(tally_json_truncated, bytes + count);
        return fail(status, bytes + position(index));
    }

    tally_json_status prepare(const uint8_t *text, size_t length);
    tally_json_status locate(simdjson::error_code error);
    template <bool emits> tally_json_status walk();
    template <bool emits> tally_json_status scalar();
    template <bool emits> tally_json_status string();
    template <bool emits> tally_json_status number();
    tally_json_status literal(const char *word, tally_json_type type, bool emits);
    template <bool emits>
    tally_json_status decode(const uint8_t *start, const uint8_t *end, tally_json_token &token);
    void emit(tally_json_type type, const uint8_t *text, size_t length, int64_t integer = 0) {
        tokens.push_back(
            {text, integer, static_cast<uint32_t>(length), 1, type});
    }
};

// MARK: - Interface

tally_json *tally_json_create(uint32_t elements_max, uint32_t tokens_max) {
    return new (std::nothrow) tally_json(elements_max, tokens_max);
}

void tally_json_destroy(tally_json *json) { delete json; }

size_t tally_json_error_offset(const tally_json *json) { return json->error_offset; }

tally_json_type tally_json_root(const tally_json *json) {
    if (json->is_array) return tally_json_array;
    return json->bytes[json->position(0)] == '{' ? tally_json_object : tally_json_null;
}

tally_json_status tally_json_open(tally_json *json, const uint8_t *bytes, size_t count) try {
    json->is_finished = true;
    tally_json_status status = json->prepare(bytes, count);
    if (status != tally_json_ok) return status;
    // Checks everything before handing anything out: a text is read whole or not at all. An array
    // is walked twice, to hold only one element's tokens at a time.
    json->is_array = bytes[json->position(0)] == '[';
    // So is a large value, whose tokens then take no more than they need.
    const bool is_checked_first = json->is_array || count >= density_checked_min;
    status = is_checked_first ? json->walk<false>() : json->walk<true>();
    if (status == tally_json_ok && is_checked_first && !json->is_array) {
        json->tokens.reserve(json->token_count_max);
        const uint32_t end = json->cursor;
        json->cursor = 0;
        status = json->walk<true>();
        json->cursor = end;
    }
    if (status != tally_json_ok) return status;
    if (json->cursor < json->structurals) {
        return json->fail_at(tally_json_trailing, json->cursor);
    }
    json->cursor = 1;
    json->is_finished = json->is_array && bytes[json->position(1)] == ']';
    return tally_json_ok;
} catch (const std::bad_alloc &) {
    return tally_json_no_memory;
}

tally_json_status tally_json_next(
    tally_json *json, const tally_json_token **tokens, uint32_t *count) try {
    if (json->is_finished) return tally_json_end;
    if (json->is_array) {
        json->tokens.clear();
        json->decoded_count = 0;
        tally_json_status status = json->walk<true>();
        if (status != tally_json_ok) return status;
    }
    // An element is followed by a comma or by the bracket that ends the array.
    json->is_finished = !json->is_array || json->bytes[json->position(json->cursor)] == ']';
    json->cursor++;
    *tokens = json->tokens.data();
    *count = static_cast<uint32_t>(json->tokens.size());
    return tally_json_ok;
} catch (const std::bad_alloc &) {
    return tally_json_no_memory;
}

int tally_json_is_utf8(const uint8_t *bytes, size_t count) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), count);
}

// MARK: - Structure

tally_json_status tally_json::prepare(const uint8_t *text, size_t length) {
    bytes = text;
    count = length;
    cursor = 0;
    error_offset = 0;
    tokens.clear();
    decoded_count = 0;
    structurals = 0;
    token_count_max = 0;
    if (length == 0) return tally_json_empty;
    if (length >= UINT32_MAX - 64) return tally_json_too_long;
    if (is_too_dense(text, length)) return tally_json_too_many_values;
    if (!stage1 || stage1->capacity() < length) {
        const size_t spare = length < density_checked_min ? length / 2 : 0;
        size_t capacity = std::max<size_t>(length + spare, 16 * 1024);
        stage1.reset();
        auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            std::min<size_t>(capacity, UINT32_MAX - 64), TALLY_JSON_DEPTH_MAX, stage1);
        if (error) return tally_json_no_memory;
    }
    auto error = stage1->stage1(bytes, count, simdjson::stage1_mode::regular);
    if (error) return locate(error);
    structurals = stage1->n_structural_indexes;
    has_escapes = memchr(bytes, '\\', count) != nullptr;
    return structurals == 0 ? tally_json_empty : tally_json_ok;
}

// Checks one value and its contents from the cursor on; emits tokens if asked to.
template <bool emits> tally_json_status tally_json::walk() {
    uint64_t arrays = 0;  // one bit a level: set where an array is open
    uint32_t open[TALLY_JSON_DEPTH_MAX];
    int depth = 0;
    bool expects_key = false;
    // Only the check walks over a whole array, whose own token counts for nothing.
    uint32_t elements = 1;
    token_count = 0;
    for (;;) {
        if (expects_key) {
            token_count++;
            if (cursor >= structurals || bytes[position(cursor)] != '"') {
                return fail_at(tally_json_expected_key, cursor);
            }
            auto status = string<emits>();
            if (status != tally_json_ok) return status;
            if (cursor >= structurals || bytes[position(cursor)] != ':') {
                return fail_at(tally_json_expected_colon, cursor);
            }
            cursor++;
        }
        if (cursor >= structurals) return fail_at(tally_json_expected_value, cursor);
        const uint8_t *at = bytes + position(cursor);
        if (++token_count > tokens_max) return fail(tally_json_too_many_values, at);
        if (*at == '{' || *at == '[') {
            const bool opens_array = *at == '[';
            if (depth == TALLY_JSON_DEPTH_MAX) return fail(tally_json_too_deep, at);
            if (emits) {
                open[depth] = static_cast<uint32_t>(tokens.size());
                emit(opens_array ? tally_json_array : tally_json_object, at, 0);
            }
            arrays = arrays << 1 | (opens_array ? 1 : 0);
            depth++;
            cursor++;
            const bool is_empty =
                cursor < structurals && bytes[position(cursor)] == (opens_array ? ']' : '}');
            if (!is_empty) {
                expects_key = !opens_array;
                continue;
            }
        } else {
            auto status = scalar<emits>();
            if (status != tally_json_ok) return status;
        }
        // After a value: close what ends here, up to the next comma or the end of the value.
        for (;;) {
            if (!emits) token_count_max = std::max(token_count_max, token_count);
            if (depth == 0) return tally_json_ok;
            if (cursor >= structurals) return fail_at(tally_json_expected_comma, cursor);
            const uint8_t byte = bytes[position(cursor)];
            const bool is_in_array = arrays & 1;
            if (byte == ',') {
                if (!emits && depth == 1 && is_in_array) {
                    if (++elements > elements_max) {
                        return fail_at(tally_json_too_many_elements, cursor);
                    }
                    token_count = 0;
                }
                cursor++;
                expects_key = !is_in_array;
                break;
            }
            if (byte != (is_in_array ? ']' : '}')) {
                return fail_at(tally_json_expected_comma, cursor);
            }
            depth--;
            arrays >>= 1;
            if (emits) {
                auto &container = tokens[open[depth]];
                container.span = static_cast<uint32_t>(tokens.size()) - open[depth];
                container.length =
                    static_cast<uint32_t>(bytes + position(cursor) + 1 - container.text);
            }
            cursor++;
        }
    }
}

// MARK: - Scalars

template <bool emits> tally_json_status tally_json::scalar() {
    const uint8_t *at = bytes + position(cursor);
    switch (*at) {
    case '"': return string<emits>();
    case 't': return literal("true", tally_json_true, emits);
    case 'f': return literal("false", tally_json_false, emits);
    case 'n': return literal("null", tally_json_null, emits);
    default:
        if (*at == '-' || is_digit(*at)) return number<emits>();
        return fail_at(tally_json_expected_value, cursor);
    }
}

tally_json_status tally_json::literal(const char *word, tally_json_type type, bool emits) {
    const uint8_t *start = bytes + position(cursor);
    const size_t length = static_cast<size_t>(scalar_end(cursor) - start);
    if (length != strlen(word) || memcmp(start, word, length) != 0) {
        return fail(tally_json_bad_literal, start);
    }
    if (emits) emit(type, start, length);
    cursor++;
    return tally_json_ok;
}

template <bool emits> tally_json_status tally_json::number() {
    const uint8_t *start = bytes + position(cursor);
    const uint8_t *end = scalar_end(cursor);
    const uint8_t *at = start;
    const bool is_negative = *at == '-';
    if (is_negative) at++;
    const uint8_t *digits = at;
    int64_t value = 0;
    bool overflows = false;
    while (at < end && is_digit(*at)) {
        overflows |= __builtin_mul_overflow(value, 10, &value);
        overflows |= __builtin_add_overflow(value, *at - '0', &value);
        at++;
    }
    if (at == digits || (*digits == '0' && at - digits > 1)) {
        return fail(tally_json_bad_number, start);
    }
    bool is_integer = !overflows;
    if (at < end && *at == '.') {
        is_integer = false;
        const uint8_t *fraction = ++at;
        while (at < end && is_digit(*at)) at++;
        if (at == fraction) return fail(tally_json_bad_number, start);
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        is_integer = false;
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        const uint8_t *exponent = at;
        while (at < end && is_digit(*at)) at++;
        if (at == exponent) return fail(tally_json_bad_number, start);
    }
    if (at != end) return fail(tally_json_bad_number, start);
    if (emits) {
        emit(
            is_integer ? tally_json_integer : tally_json_number, start,
            static_cast<size_t>(end - start), is_negative ? -value : value);
    }
    cursor++;
    return tally_json_ok;
}

template <bool emits> tally_json_status tally_json::string() {
    // The first stage leaves out closing quotes, but only space follows one.
    const uint8_t *start = bytes + position(cursor) + 1;
    const uint8_t *end = scalar_end(cursor) - 1;
    const size_t length = static_cast<size_t>(end - start);
    if (has_escapes && memchr(start, '\\', length) != nullptr) {
        tally_json_token token{start, 0, 0, 0, tally_json_escaped_string};
        auto status = decode<emits>(start, end, token);
        if (status != tally_json_ok) return status;
        if (emits) emit(token.type, token.text, token.length);
    } else if (emits) {
        emit(tally_json_string, start, length);
    }
    cursor++;
    return tally_json_ok;
}

// MARK: - Escapes

namespace {

// The value of four hexadecimal digits, or -1.
int32_t hexadecimal(const uint8_t *at, const uint8_t *end) {
    if (end - at < 4) return -1;
    int32_t value = 0;
    for (int index = 0; index < 4; index++) {
        const uint8_t byte = at[index];
        int32_t digit = is_digit(byte)                   ? byte - '0'
                        : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                        : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                                     : -1;
        if (digit < 0) return -1;
        value = value << 4 | digit;
    }
    return value;
}

uint8_t *put_utf8(uint8_t *out, uint32_t scalar) {
    if (scalar < 0x80) {
        *out++ = static_cast<uint8_t>(scalar);
    } else if (scalar < 0x800) {
        *out++ = static_cast<uint8_t>(0xC0 | scalar >> 6);
        *out++ = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
    } else if (scalar < 0x10000) {
        *out++ = static_cast<uint8_t>(0xE0 | scalar >> 12);
        *out++ = static_cast<uint8_t>(0x80 | (scalar >> 6 & 0x3F));
        *out++ = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
    } else {
        *out++ = static_cast<uint8_t>(0xF0 | scalar >> 18);
        *out++ = static_cast<uint8_t>(0x80 | (scalar >> 12 & 0x3F));
        *out++ = static_cast<uint8_t>(0x80 | (scalar >> 6 & 0x3F));
        *out++ = static_cast<uint8_t>(0x80 | (scalar & 0x3F));
    }
    return out;
}

// What a one-letter escape stands for, or 0.
uint8_t unescaped(uint8_t letter) {
    switch (letter) {
    case '"': case '\\': case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

}  // namespace

template <bool emits>
tally_json_status tally_json::decode(
    const uint8_t *start, const uint8_t *end, tally_json_token &token) {
    if (emits && decoded_capacity < count) {
        // Only before the first decoded string of a value: later ones fit by construction.
        decoded.reset(new uint8_t[count]);
        decoded_capacity = count;
    }
    uint8_t *const base = emits ? decoded.get() + decoded_count : nullptr;
    uint8_t *out = base;
    for (const uint8_t *at = start; at < end;) {
        if (*at != '\\') {
            if (emits) *out++ = *at;
            at++;
            continue;
        }
        const uint8_t *const escape = at++;
        if (*at != 'u') {
            const uint8_t byte = unescaped(*at++);
            if (byte == 0) return fail(tally_json_bad_escape, escape);
            if (emits) *out++ = byte;
            continue;
        }
        const int32_t unit = hexadecimal(++at, end);
        if (unit < 0) return fail(tally_json_bad_escape, escape);
        at += 4;
        uint32_t scalar = static_cast<uint32_t>(unit);
        if (unit >= 0xD800 && unit < 0xE000) {
            const bool has_next = end - at >= 6 && at[0] == '\\' && at[1] == 'u';
            const int32_t low = has_next ? hexadecimal(at + 2, end) : -1;
            if (unit < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
                scalar = 0x10000 + ((scalar - 0xD800) << 10);
                scalar += static_cast<uint32_t>(low) - 0xDC00;
                at += 6;
            } else {
                token.type = tally_json_broken_string;
                scalar = 0xFFFD;
            }
        }
        if (emits) out = put_utf8(out, scalar);
    }
    if (emits) {
        token.text = base;
        token.length = static_cast<uint32_t>(out - base);
        decoded_count += token.length;
    }
    return tally_json_ok;
}

// MARK: - Faults of the first stage

namespace {

// The length of the valid UTF-8 sequence at `at`, or 0 (Unicode 15, table 3-7).
size_t sequence_length(const uint8_t *at, const uint8_t *end) {
    const uint8_t lead = *at;
    if (lead < 0x80) return 1;
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || static_cast<size_t>(end - at) < length) return 0;
    const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high) return 0;
    for (size_t index = 2; index < length; index++) {
        if ((at[index] & 0xC0) != 0x80) return 0;
    }
    return length;
}

}  // namespace

// Finds again, byte by byte, what the first stage saw without saying where.
tally_json_status tally_json::locate(simdjson::error_code error) {
    const uint8_t *const end = bytes + count;
    if (error == simdjson::EMPTY) return tally_json_empty;
    if (error == simdjson::MEMALLOC) return tally_json_no_memory;
    if (error == simdjson::CAPACITY) return tally_json_too_long;
    const uint8_t *opening = nullptr;
    for (const uint8_t *at = bytes; at < end;) {
        const size_t length = sequence_length(at, end);
        if (length == 0) return fail(tally_json_invalid_utf8, at);
        if (opening != nullptr && *at < 0x20) return fail(tally_json_control_character, at);
        if (*at == '"') opening = opening == nullptr ? at : nullptr;
        at += opening != nullptr && *at == '\\' && at + 1 < end && at[1] < 0x80 ? 2 : length;
    }
    if (opening != nullptr) return fail(tally_json_unclosed_string, opening);
    return fail(tally_json_expected_value, bytes);
}
