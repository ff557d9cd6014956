#include <assert.h>
#include <stdio.h>

#include "words.h"

#define MOST 1000

/* count FILE: the words of a file that come more than once. */
int main(int argc, char **argv) {
    static char text[65536];
    static struct word words[MOST];
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: count FILE\n");
        return 2;
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    assert(length < sizeof text);
    fclose(file);
    size_t known = words_count(text, words, MOST);
    for (size_t i = 0; i < known; i++) {
        if (words[i].count > 1) {
            printf("%zu %s\n", words[i].count, words[i].text);
        }
    }
    return 0;
}
