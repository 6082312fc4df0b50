package io.tarn.core.fsck;

import java.util.List;

/**
 * What a check found.
 *
 * @param findings what is wrong, in words; empty when all is sound
 * @param extents extents checked
 * @param blocks live blocks checked
 * @param bytes payload bytes whose checksums were verified
 * @param seconds how long it took
 */
public record FsckReport(List<String> findings, long extents, long blocks, long bytes, double seconds) {
    public FsckReport {
        findings = List.copyOf(findings);
    }

    public boolean sound() {
        return findings.isEmpty();
    }
}
