package io.tarn.bench.mount.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.bench.mount.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FioJobTest {
    private static FioJob job(final int kibibytes, final boolean writes, final boolean latencies) {
        return new FioJob(Path.of("/"), List.of(), kibibytes, writes, latencies);
    }

    /** A line with the fields that count, by their numbers in fio's manual less one. */
    private static String line(final int first, final String... percentiles) {
        final List<String> fields = new ArrayList<>(Collections.nCopies(130, "0"));
        fields.set(0, "3");
        fields.set(first, "4096");
        fields.set(first + 3, "2000");
        if (percentiles.length > 0) {
            fields.set(first + 18, percentiles[0]);
            fields.set(first + 24, percentiles[1]);
        }
        return "fio: a word in advance\n" + String.join(";", fields);
    }

    @Test
    void readsAreCountedInBlocksWithTheirLatency() throws IOException {
        assertThat(job(4, false, true).parse(line(5, "50.000000%=90", "99.000000%=1500")))
                .isEqualTo(new Tally(1024, 2, Optional.of(new Tally.Latency(0.09, 1.5)), false));
    }

    @Test
    void writesStandFurtherBehind() throws IOException {
        assertThat(job(1024, true, false).parse(line(46)).rate()).isEqualTo(2);
    }

    @Test
    void nothingDoneIsNoResult() {
        assertThatThrownBy(() -> job(4, true, false).parse(line(5))).hasMessageContaining("did nothing");
        assertThatThrownBy(() -> job(4, true, false).parse("fio: no space"))
                .hasMessageContaining("no result: fio: no space");
    }
}
