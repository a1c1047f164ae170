-- Number 9 belongs to another change; this line keeps the numbers without a gap.
SELECT;
