// Splits work over one or two threads.
#ifndef PARTS_H
#define PARTS_H

#include <pthread.h>
#include <stddef.h>

typedef struct {
  void (*body)(void *context, int part, int parts);
  void *context;
  int part;
  int parts;
} part_task;

static void *run_part(void *argument) {
  part_task *task = argument;
  task->body(task->context, task->part, task->parts);
  return NULL;
}

static inline void for_each_part(
  int parts, void (*body)(void *context, int part, int parts), void *context) {
  pthread_t thread;
  part_task second = {body, context, 1, parts};
  if (parts > 1) pthread_create(&thread, NULL, run_part, &second);
  body(context, 0, parts);
  if (parts > 1) pthread_join(thread, NULL);
}

static inline size_t part_start(size_t count, int part, int parts) {
  return count * (size_t)part / (size_t)parts;
}

#endif
