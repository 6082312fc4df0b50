package io.tarn.posix.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class LifelineTest {
    /** A process that holds a line, and tells when it does. */
    static final class Holder {
        public static void main(final String[] arguments) throws Exception {
            final UnixSocket socket = UnixSocket.connect(arguments[0]);
            try (Descriptor line = Lifeline.hold()) {
                socket.send(new byte[] {1}, List.of(line));
            }
            // closed here, and held by its thread all the same: only a kill ends this
            socket.receive();
        }
    }

    @TempDir
    private Path directory;

    @Test
    void theLineBreaksWithItsProcessAndNotBefore() throws Exception {
        final String path = directory.resolve("s").toString();
        final UnixSocket listener = UnixSocket.listen(path);
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        path)
                .inheritIO()
                .start();
        try (listener;
                UnixSocket connection = listener.accept()) {
            assertThat(connection.peer().process()).isEqualTo((int) process.pid());
            final Descriptor line =
                    connection.receive().orElseThrow().descriptors().getFirst();
            final CompletableFuture<Boolean> broken = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> {
                Lifeline.await(line);
                broken.complete(process.isAlive());
            });
            assertThat(process.isAlive()).isTrue();
            assertThat(broken).isNotDone();
            process.destroyForcibly();
            broken.get(60, TimeUnit.SECONDS);
            line.close();
        } finally {
            process.destroyForcibly();
        }
    }
}
