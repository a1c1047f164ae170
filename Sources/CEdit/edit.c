#include "edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <editline/readline.h>

static char **known_words;
static size_t known_count;

// The next word that begins with the text, whatever its case.
static char *next_word(const char *text, int state) {
    static size_t index;
    if (state == 0) index = 0;
    const size_t length = strlen(text);
    while (index < known_count) {
        const char *word = known_words[index++];
        if (strncasecmp(word, text, length) == 0) return strdup(word);
    }
    return NULL;
}

static char **complete(const char *text, int start, int end) {
    (void)start;
    (void)end;
    rl_attempted_completion_over = 1;  // no names of files
    return rl_completion_matches(text, next_word);
}

char *edit_read(const char *prompt) {
    rl_attempted_completion_function = complete;
    return readline(prompt);
}

void edit_complete_words(const char *const *words, size_t count) {
    for (size_t i = 0; i < known_count; i++) free(known_words[i]);
    free(known_words);
    known_words = calloc(count ? count : 1, sizeof *known_words);
    known_count = known_words ? count : 0;
    for (size_t i = 0; i < known_count; i++) known_words[i] = strdup(words[i]);
}

void edit_load_history(const char *path, int lines) {
    using_history();
    stifle_history(lines);
    read_history(path);
}

void edit_remember(const char *line, const char *path) {
    add_history(line);
    if (!path) return;
    const mode_t mask = umask(077);  // queries may hold names
    write_history(path);
    umask(mask);
}
