"""Makes a C program of argv[1] modules that include each other's headers, and its Makefile, in the working directory."""
import sys

modules = int(sys.argv[1])
with open("Makefile", "w") as makefile:
    objects = " ".join("m%d.o" % number for number in range(modules))
    makefile.write("CFLAGS = -O1 -MMD -MP\nprogram: main.o %s\n\t$(CC) -o $@ $^\n-include *.d\nclean:\n\trm -f *.o *.d program\n" % objects)
with open("main.c", "w") as main:
    main.write("#include <stdio.h>\n" + "".join('#include "m%d.h"\n' % number for number in range(modules)))
    main.write("int main(void) { printf(\"%%d\\n\", %s); return 0; }\n" % " + ".join("m%d()" % number for number in range(modules)))
for number in range(modules):
    with open("m%d.h" % number, "w") as header:
        header.write("#pragma once\n#define M%d %d\nint m%d(void);\n" % (number, number, number))
    with open("m%d.c" % number, "w") as module:
        module.write('#include "m%d.h"\n#include "m%d.h"\nint m%d(void) { return M%d - M%d + %d; }\n'
                     % (number, (number + 1) % modules, number, number, (number + 1) % modules, 2 * number))
