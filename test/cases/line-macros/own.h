#define LM_OWN(value) (lm_note((value)) \
                       + 1)
