// W3: weighted and unweighted counts of every item by every banner column, a histogram a table.
#include <string.h>

#include "CReference.h"
#include "Parts.h"

// Codes below 8: no check, no branch; unused slots are dropped at the end.
enum { codes = 8, slots = codes * codes, copies = 4 };

typedef struct {
  double weight;
  double count;
} slot;

typedef struct {
  size_t rows;
  const double *weight;
  const uint8_t *const *items;
  size_t item_count;
  const uint8_t *const *banners;
  size_t banner_count;
  slot (*tables)[slots];
} crunch_task;

static void count(void *context, int part, int parts) {
  crunch_task *task = context;
  size_t start = part_start(task->rows, part, parts);
  size_t end = part_start(task->rows, part + 1, parts);
  const double *restrict weight = task->weight;
  size_t tables = task->item_count * task->banner_count;
  for (size_t item = 0; item < task->item_count; item++)
    for (size_t banner = 0; banner < task->banner_count; banner++) {
      const uint8_t *restrict low = task->items[item];
      const uint8_t *restrict high = task->banners[banner];
      slot table[copies][slots];
      memset(table, 0, sizeof table);
      size_t row = start;
      for (; row + copies <= end; row += copies)
        for (int copy = 0; copy < copies; copy++) {
          slot *place = &table[copy][high[row + copy] * codes + low[row + copy]];
          place->weight += weight[row + copy];
          place->count += 1;
        }
      for (; row < end; row++) {
        slot *place = &table[0][high[row] * codes + low[row]];
        place->weight += weight[row];
        place->count += 1;
      }
      slot *total = task->tables[(size_t)part * tables + item * task->banner_count + banner];
      for (int place = 0; place < slots; place++) {
        total[place] = (slot){0, 0};
        for (int copy = 0; copy < copies; copy++) {
          total[place].weight += table[copy][place].weight;
          total[place].count += table[copy][place].count;
        }
      }
    }
}

void reference_w3(
  size_t rows, const double *weight, const uint8_t *const *items, size_t item_count,
  const uint8_t *const *banners, size_t banner_count, int threads, double *scratch,
  double *result) {
  crunch_task task = {
    rows, weight, items, item_count, banners, banner_count, (slot(*)[slots])scratch};
  for_each_part(threads, count, &task);
  size_t tables = item_count * banner_count;
  for (size_t table = 0; table < tables; table++)
    for (int place = 0; place < slots; place++)
      for (int field = 0; field < 2; field++) {
        double sum = 0;
        for (int part = 0; part < threads; part++) {
          slot *found = &task.tables[(size_t)part * tables + table][place];
          sum += field == 0 ? found->weight : found->count;
        }
        result[(table * slots + (size_t)place) * 2 + (size_t)field] = sum;
      }
}
