// A line of a terminal, edited with libedit: history, and completion of known words.
#pragma once
#include <stddef.h>

// Reads a line; NULL at the end of the input. The caller frees it.
char *edit_read(const char *prompt);

// Copies the words that Tab completes; they replace earlier ones.
void edit_complete_words(const char *const *words, size_t count);

// Reads earlier lines from a file, of which the last `lines` are kept.
void edit_load_history(const char *path, int lines);

// Adds a line to the history and its file; a path of NULL keeps it in memory.
void edit_remember(const char *line, const char *path);
