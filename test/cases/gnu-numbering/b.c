unsigned long long gnu_numbering_other[4] = {1, 2, 3, 4};
extern unsigned long long gnu_numbering_word;

int gnu_numbering_outside(void) {
  return gnu_numbering_word != 0;
}
