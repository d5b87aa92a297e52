int gcr_common;
long gcr_dead_common[3];
