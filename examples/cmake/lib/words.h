/* How often which word stands in a text. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

#define WORD_LENGTH 32

struct word {
    char text[WORD_LENGTH];
    size_t count;
};

/* Counts the words of a text, in the order in which they first come; at most so many. Gives back how many there are. */
size_t words_count(const char *text, struct word *words, size_t most);

#endif
