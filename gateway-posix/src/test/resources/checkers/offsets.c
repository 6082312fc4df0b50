// Reads the directory argv[1] and remembers the offset after each entry; has others make and remove names in it by the command argv[2];
// then comes back to offsets: behind each stands the next of the entries that are left, and from there on each that stays is given once.
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char **names;
static long *offsets;
static long count, room;

static void fail(const char *what, long at) {
    printf("%s at %ld (%s)\n", what, at, at < count ? names[at] : "the end");
    exit(1);
}

static int stays(const char *directory, const char *name) {
    char path[8192];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return access(path, F_OK) == 0;
}

int main(int argc, char **argv) {
    DIR *directory = opendir(argv[1]);
    if (argc != 3 || !directory) return 2;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (count == room) {
            room = room ? room * 2 : 1024;
            names = realloc(names, room * sizeof *names);
            offsets = realloc(offsets, room * sizeof *offsets);
        }
        names[count] = strdup(entry->d_name);
        offsets[count++] = telldir(directory);
    }
    if (system(argv[2]) != 0) return 3;
    srand(1);
    for (int look = 0; look < 200; look++) {
        long from = rand() % count, expected = from + 1;
        seekdir(directory, offsets[from]);
        for (int step = 0; step < 50; step++) {
            struct dirent *entry = readdir(directory);
            while (expected < count && !(entry && strcmp(entry->d_name, names[expected]) == 0)) {
                if (stays(argv[1], names[expected])) fail("missing", expected);
                expected++;
            }
            if (!entry) break;
            if (expected == count) fail("unexpected", from);
            expected++;
        }
    }
    rewinddir(directory);
    long again = 0;
    while (readdir(directory)) again++;
    printf("%ld %ld\n", count, again);
    return closedir(directory);
}
