struct context {
  int length;
};

int from_second(int value, long *extra);
int overridden(int value);
