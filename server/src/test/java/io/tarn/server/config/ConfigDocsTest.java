package io.tarn.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigDocsTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");

    @Test
    void thePageSaysWhatTheTypesSay() throws IOException {
        if (Boolean.getBoolean("tarn.docs.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, ConfigDocs.markdown());
        }
        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md is stale: mvn -pl server -am test -Dtest=ConfigDocsTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dtarn.docs.write=true renews it")
                .isEqualTo(ConfigDocs.markdown());
    }
}
