package io.tarn.s3.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.core.node.NodeSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose disk has less room than it keeps back: it says so in words, goes on reading, and writes again when there is room. */
final class FullDiskTest {
    private static final String CONTENT = "x".repeat(1 << 20);

    @TempDir
    private Path data;

    private LocalGateway start(final long reserveBytes) {
        return new LocalGateway(
                NodeSettings.defaults(data).withReserveBytes(reserveBytes),
                S3Settings.defaults().withPort(0),
                client -> client);
    }

    @Test
    void writesAreRefusedReadsAreNot() {
        final long usual = NodeSettings.defaults(data).reserveBytes();
        try (LocalGateway roomy = start(usual)) {
            final var raw = new RawS3(roomy.port());
            raw.put("/full-disk", "");
            assertThat(raw.put("/full-disk/kept", CONTENT).status()).isEqualTo(200);
        }
        try (LocalGateway full = start(Long.MAX_VALUE / 2)) {
            final var raw = new RawS3(full.port());
            final RawS3.Answer refused = raw.put("/full-disk/new", CONTENT);
            assertThat(refused.error()).isEqualTo("503 ServiceUnavailable");
            assertThat(refused.element("Message")).contains("out of space");
            assertThat(refused.header("retry-after")).isEqualTo("1");
            final String upload =
                    raw.call("POST", "/full-disk/parts?uploads", "").element("UploadId");
            if (!upload.isEmpty()) {
                assertThat(raw.put("/full-disk/parts?partNumber=1&uploadId=" + upload, CONTENT)
                                .error())
                        .isEqualTo("503 ServiceUnavailable");
            }
            assertThat(raw.get("/full-disk/kept").text()).isEqualTo(CONTENT);
            assertThat(raw.get("/full-disk/new").error()).isEqualTo("404 NoSuchKey");
            assertThat(raw.get("/full-disk?list-type=2").element("Key")).isEqualTo("kept");
        }
        try (LocalGateway roomy = start(usual)) {
            final var raw = new RawS3(roomy.port());
            assertThat(raw.put("/full-disk/new", CONTENT).status()).isEqualTo(200);
            assertThat(raw.get("/full-disk/new").text()).isEqualTo(CONTENT);
        }
    }
}
