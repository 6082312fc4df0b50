package io.tarn.core.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process loads that is nothing but a client. */
final class ClientFootprintTest {
    @TempDir
    Path data;

    /** The client's process. */
    static final class Main {
        private Main() {}

        public static void main(final String[] arguments) {
            try (RemoteClient client = RemoteClient.connect(arguments[0], ServedNode.ANN, RemoteOptions.DEFAULT)) {
                final long root = client.inodes()
                        .root(client.administration()
                                .volume("anns-volume")
                                .orElseThrow()
                                .id())
                        .inode();
                try (OpenFile file =
                        client.inodes().create(root, Key.of("f"), NewNode.file(0644, ServedNode.OWNER), true)) {
                    file.write(0, ByteBuffer.allocate(100_000));
                    file.sync();
                    file.read(0, ByteBuffer.allocate(100_000));
                }
                System.out.println("read from files: " + client.localReads());
            }
        }
    }

    @Test
    void aClientLoadsNeitherConsensusNorTheStoresOfNames() throws IOException {
        try (ServedNode node = new ServedNode(data)) {
            final Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-verbose:class",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            node.endpoint()))
                    .redirectErrorStream(true)
                    .start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output).contains("read from files: 1");
            assertThat(output.lines().filter(line -> line.contains("org.rocksdb") || line.contains("org.apache.ratis")))
                    .isEmpty();
        }
    }
}
