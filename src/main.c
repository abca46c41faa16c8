/* src/main.c - the program. */
#include "recto/cli/cli.h"

int main(int argc, char **argv)
{
    return recto_command_line(argc, argv);
}
