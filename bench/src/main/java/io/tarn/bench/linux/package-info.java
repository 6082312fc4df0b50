/** System calls and SQLite as a C program makes them: one call each, nothing asked in addition. Used by the loads of mounts. */
package io.tarn.bench.linux;
