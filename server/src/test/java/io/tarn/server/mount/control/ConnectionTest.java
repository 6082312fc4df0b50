package io.tarn.server.mount.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.posix.linux.UnixSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConnectionTest {
    private static final MountDescription MOUNT = new MountDescription(
            "volume/sub, with ümläuts", "/mnt/x", Transport.KERNEL, "ro,uid=1", "127.0.0.1:9002", "KEY", "secret");

    private UnixSocket raw;
    private Connection here;
    private Connection there;

    @BeforeEach
    void connect() throws Exception {
        final UnixSocket.Pair pair = UnixSocket.pair();
        raw = pair.first();
        here = new Connection(raw);
        there = new Connection(pair.second());
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Test
    void aDescriptionArrivesAsItWasWithTheDescriptorThatBelongsToIt() throws Exception {
        here.send(MOUNT.in(Message.of(Verb.PREPARE)), List.of(raw.descriptor()));
        final Connection.Received received = there.receive().orElseThrow();
        assertThat(received.descriptors()).hasSize(1);
        received.closeDescriptors();
        assertThat(received.message().verb()).isEqualTo(Verb.PREPARE);
        assertThat(MountDescription.of(received.message())).isEqualTo(MOUNT);
    }

    @Test
    void secretsAreNotShown() {
        final Message shown = MOUNT.shownIn(Message.of(Verb.MOUNT));
        assertThat(shown.fields()).doesNotContainValue("secret").doesNotContainValue("KEY");
        assertThat(MOUNT.in(Message.of(Verb.PREPARE)) + " " + MOUNT)
                .doesNotContain("secret,")
                .doesNotContain("KEY");
    }

    @Test
    void nonsenseIsRefused() throws Exception {
        raw.send("nonsense".getBytes(StandardCharsets.UTF_8), List.of());
        assertThatThrownBy(() -> there.receive()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> here.send(
                        Message.of(Verb.LIST).with("long", "x".repeat(65_000)).with("more", "x".repeat(65_000))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> MountDescription.of(Message.of(Verb.PREPARE))).hasMessageContaining("lacks");
    }

    @Test
    void whatWasSaidBeforeTheEndIsHeard() throws Exception {
        here.send(Message.of(Verb.TOKEN));
        here.shutdown();
        assertThat(there.receive().orElseThrow().message().verb()).isEqualTo(Verb.TOKEN);
        assertThat(there.receive()).isEmpty();
    }

    @Test
    void whoWaitsIsWokenAndNobodySendsToWhatIsClosed() throws Exception {
        final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                ended.complete(there.receive().isEmpty());
            } catch (final IOException failed) {
                ended.completeExceptionally(failed);
            }
        });
        there.shutdown();
        assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
        here.close();
        assertThatThrownBy(() -> here.send(Message.of(Verb.LIST))).hasMessageContaining("gone");
    }
}
