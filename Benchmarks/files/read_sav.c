// Plain C, for comparison: the cases of a .sav file in bytecode decoded into columns of doubles, on
// one thread (where a case begins, nothing but reading tells). Numbers alone; no dictionary: the
// number of variables and the place of the first case are given.
//
//     cc -O3 read_sav.c -o read_sav && ./read_sav FILE VARIABLES
#define _GNU_SOURCE
#include <fcntl.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count != 3) return 64;
  int file = open(arguments[1], O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status)) return 66;
  long columns = atol(arguments[2]);
  const unsigned char *data = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  int rows;
  memcpy(&rows, data + 80, 4);
  // The dictionary ends in 999 and 0.
  const unsigned char end[8] = {0xE7, 3}, *p = memmem(data, status.st_size, end, 8);
  p += 8;
  double table[256];
  for (int code = 0; code < 256; code++) table[code] = code - 100.0;
  table[255] = -DBL_MAX;
  double **out = malloc(columns * sizeof *out);
  for (long i = 0; i < columns; i++) out[i] = malloc((long)rows * 8);
  const unsigned char *limit = data + status.st_size, *codes = p;
  long row = 0, column = 0;
  while (row < rows && p + 8 <= limit) {
    codes = p;
    p += 8;
    for (int i = 0; i < 8 && row < rows; i++) {
      unsigned char code = codes[i];
      if (code == 0) continue;
      if (code == 252) goto done;
      double value = table[code];
      if (code == 253) {
        memcpy(&value, p, 8);
        p += 8;
      }
      out[column][row] = value;
      if (++column == columns) {
        column = 0;
        row++;
      }
    }
  }
done:;
  double sum = 0;
  for (long i = 0; i < row; i++) sum += out[1][i];
  printf("%ld rows, column 2 sums to %.4f\n", row, sum);
  return 0;
}
