package io.tarn.bench.mount;

import io.tarn.bench.process.CpuTime;

/**
 * A task done once at one place.
 *
 * @param tally what was done
 * @param serving CPU time of the mount's processes, also while what they put off was synced afterwards
 * @param load CPU time of the load and the programs it started: programs' user time, and the kernel's work on their calls
 * @param syncSeconds how long syncing took afterwards
 */
public record Turn(Tally tally, CpuTime serving, CpuTime load, double syncSeconds) {}
