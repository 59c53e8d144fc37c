#include "cli/command.h"

int main(int argc, char** argv) { return tonewright::runCommand(argc, argv); }
