package io.tarn.posix.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class UnixSocketTest {
    @TempDir
    Path directory;

    @Test
    void descriptorsTravelAndWorkThere() throws Exception {
        final Path file = Files.writeString(directory.resolve("f"), "content");
        final Path path = directory.resolve("socket");
        try (var listener = UnixSocket.listen(path.toString());
                var client = UnixSocket.connect(path.toString());
                var server = listener.accept()) {
            try (var opened = Descriptor.open(file.toString())) {
                client.send("two".getBytes(StandardCharsets.UTF_8), List.of(opened, opened));
                client.send(new byte[] {1}, List.of());
            }
            final UnixSocket.Message message = server.receive().orElseThrow();
            assertThat(message.bytes()).asString().isEqualTo("two");
            assertThat(message.descriptors()).hasSize(2);
            try (var arena = Arena.ofConfined()) {
                final var memory = arena.allocate(16);
                final long count = message.descriptors().getFirst().read(new CallState(), memory.address(), 16);
                assertThat(new String(memory.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8))
                        .isEqualTo("content");
            }
            message.descriptors().forEach(Descriptor::close);
            assertThat(server.receive().orElseThrow().descriptors()).isEmpty();
        }
    }

    @Test
    void theEndOfTheOtherIsSeen() throws Exception {
        final UnixSocket.Pair pair = UnixSocket.pair();
        pair.second().close();
        assertThat(pair.first().receive()).isEmpty();
        pair.first().close();
    }

    @Test
    void aShutdownEndsAWait() throws Exception {
        try (var listener = UnixSocket.listen(directory.resolve("socket").toString())) {
            final var waiting = new CompletableFuture<LinuxException>();
            Thread.ofPlatform().start(() -> {
                try {
                    listener.accept().close();
                } catch (final LinuxException ended) {
                    waiting.complete(ended);
                }
            });
            listener.shutdown();
            assertThat(waiting.get().errno()).isEqualTo(LinuxException.EINVAL);
        }
    }

    @Test
    void errorsSayWhatAndWhy() {
        assertThatThrownBy(() -> Descriptor.open("/no/such/file"))
                .hasMessage("/no/such/file: No such file or directory");
        assertThatThrownBy(() -> UnixSocket.connect("/no/such/socket")).hasMessageContaining("connect /no/such/socket");
    }

    @Test
    void childrenTellHowTheyEndedAndInherit() throws Exception {
        final UnixSocket.Pair pair = UnixSocket.pair();
        final int number = pair.second().descriptor().number();
        final ChildProcess.Ended ended = ChildProcess.run(
                List.of("sh", "-c", "echo $WORD >&2; test -e /proc/self/fd/" + number + " && exit 3"),
                Optional.of(pair.second().descriptor()),
                Map.of("WORD", "complaint"));
        assertThat(ended).isEqualTo(new ChildProcess.Ended(3 << 8, "complaint"));
        pair.first().close();
        pair.second().close();
    }
}
