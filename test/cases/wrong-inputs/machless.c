int machless(void) {
  return 1;
}
