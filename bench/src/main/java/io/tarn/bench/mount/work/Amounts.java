package io.tarn.bench.mount.work;

import java.time.Duration;

/**
 * How much there is to do.
 *
 * @param smallFiles most files that are made by a task of small files
 * @param readFiles files that are read or looked at by turns
 * @param listEntries files of the directory that is listed
 * @param treeFiles files of the tree that is unpacked
 * @param gitFiles files of the repository that is cloned
 * @param largeMebibytes of the large file; a multiple of 1 MiB
 * @param syncMebibytes of the file in which pieces are written and synced
 * @param preparing longest time to make what a task needs
 */
public record Amounts(
        int smallFiles,
        int readFiles,
        int listEntries,
        int treeFiles,
        int gitFiles,
        int largeMebibytes,
        int syncMebibytes,
        Duration preparing) {
    /** Those of the published figures. */
    public static final Amounts USUAL =
            new Amounts(20_000, 4_000, 10_000, 10_000, 4_650, 512, 64, Duration.ofMinutes(15));
}
