#include "words.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* The place of a word, which may be behind the last one. */
static size_t place_of(const struct word *words, size_t known, const char *text) {
    size_t at = 0;
    while (at < known && strcmp(words[at].text, text) != 0) {
        at++;
    }
    return at;
}

size_t words_count(const char *text, struct word *words, size_t most) {
    assert(text != NULL);
    size_t known = 0;
    while (*text != '\0') {
        char word[WORD_LENGTH];
        size_t length = 0;
        for (; isalpha((unsigned char)*text); text++) {
            if (length < WORD_LENGTH - 1) {
                word[length++] = (char)tolower((unsigned char)*text);
            }
        }
        if (length == 0) {
            text++;
            continue;
        }
        word[length] = '\0';
        size_t at = place_of(words, known, word);
        if (at == most) {
            continue;
        }
        if (at == known) {
            strcpy(words[known++].text, word);
            words[at].count = 0;
        }
        words[at].count++;
    }
    return known;
}
