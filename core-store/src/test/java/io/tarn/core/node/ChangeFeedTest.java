package io.tarn.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.ChangeEvent;
import io.tarn.client.ChangeFeed;
import io.tarn.client.Content;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.keeper.FeedKeeper;
import io.tarn.core.namespace.FeedQueries;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The change feed as a client reads it, on a whole node. */
class ChangeFeedTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path data;

    private TestNode node;
    private ChangeFeed feed;
    private long volume;

    @BeforeEach
    void start() {
        node = TestNode.start(data);
        feed = feed(node.node);
        volume = node.volume("bucket");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** The feed as the client under test has it. */
    ChangeFeed feed(final LocalNode its) {
        return its.client().changes();
    }

    private void put(final String key) {
        node.put(volume, key, new byte[10]);
    }

    private ChangeFeed.Events events(final long from, final int limit) {
        return (ChangeFeed.Events) feed.read(volume, from, limit);
    }

    private static List<String> told(final List<ChangeEvent> events) {
        return events.stream()
                .map(event -> event.type() + " " + event.name().orElseThrow().path())
                .toList();
    }

    @Test
    void eventsComeInOrderPageByPageAlsoAfterARestart() {
        for (int i = 0; i < 5; i++) {
            put("k" + i);
        }
        final ChangeFeed.Events first = events(ChangeFeed.START, 2);
        assertThat(told(first.events())).containsExactly("CREATED k0", "CREATED k1");
        node.close();
        start();
        final List<ChangeEvent> rest = new ArrayList<>();
        ChangeFeed.Events page = events(first.next(), 2);
        while (!page.events().isEmpty()) {
            rest.addAll(page.events());
            page = events(page.next(), 2);
        }
        assertThat(told(rest)).containsExactly("CREATED k2", "CREATED k3", "CREATED k4");
        assertThat(rest.getFirst().principal()).contains("root/root");
        assertThat(rest.getFirst().origin()).contains(ChangeEvent.Origin.WRITTEN);
        assertThat(rest.getFirst().size()).isEqualTo(10);
        assertThat(rest).extracting(ChangeEvent::position).isSorted();
    }

    @Test
    void whoWaitsIsWokenByTheNextEvent() throws Exception {
        put("old");
        final long end = feed.end(volume);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            final CompletableFuture<Boolean> woken =
                    CompletableFuture.supplyAsync(() -> feed.await(volume, end, LONG), executor);
            node.volume("another");
            put("new");
            assertThat(woken.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(told(events(end, 10).events())).containsExactly("CREATED new");
        }
        assertThat(feed.await(volume, ChangeFeed.START, Duration.ZERO)).isTrue();
        assertThat(feed.await(volume, feed.end(volume), Duration.ofMillis(5))).isFalse();
    }

    @Test
    void aReaderThatMissedEventsIsTold() {
        put("a");
        put("b");
        final long afterFirst = events(ChangeFeed.START, 1).next();
        final FeedKeeper keeper = new FeedKeeper(
                node.session(), Duration.ofHours(1), 1_000, () -> Instant.now().plus(Duration.ofHours(2)));
        assertThat(keeper.round()).isFalse();
        put("c");
        final ChangeFeed.Trimmed trimmed = (ChangeFeed.Trimmed) feed.read(volume, afterFirst, 10);
        assertThat(told(events(trimmed.oldest(), 10).events())).containsExactly("CREATED c");
        assertThat(told(events(ChangeFeed.START, 10).events())).containsExactly("CREATED c");
        assertThat(feed.await(volume, afterFirst, Duration.ZERO)).isTrue();
    }

    @Test
    void aVolumeKeepsNoMoreEventsThanItMay() {
        for (int i = 0; i < 20; i++) {
            put("k" + i);
        }
        final FeedKeeper keeper = new FeedKeeper(node.session(), Duration.ofHours(1), 3, Instant::now);
        assertThat(keeper.round()).isFalse();
        assertThat(told(events(ChangeFeed.START, 100).events()))
                .containsExactly("CREATED k17", "CREATED k18", "CREATED k19");
    }

    @Test
    void theFeedOfADroppedVolumeIsGoneForReadersAndItsEventsGoInTheBackground() {
        put("k");
        node.delete(volume, "k");
        node.node.client().administration().deleteVolume("bucket");
        assertThatThrownBy(() -> feed.read(volume, ChangeFeed.START, 1))
                .isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                        .isEqualTo(Failure.NOT_FOUND));
        new FeedKeeper(node.session(), Duration.ofHours(1), 1_000, Instant::now).round();
        node.assertSound();
        assertThat(node.shard()
                        .<Integer>read(
                                store -> new FeedQueries(store).kept(0, 10).size()))
                .isZero();
    }

    @Test
    void bytesAreSharedWithinAVolumeAndCopiedToAnother() {
        final byte[] content = TestNode.bytes(3_000_000, 7);
        final var source = node.put(volume, "source", content);
        final long other = node.volume("other");
        final int before = node.extents().size();
        node.name(volume, "same", node.objects().cloneOf(source, 1_000, 2_000_000));
        assertThat(node.extents()).hasSize(before);
        final Content across = node.objects().cloneOf(source, 1_000, 2_000_000);
        node.name(other, "across", across);
        assertThat(node.extents().size()).isGreaterThan(before);
        final byte[] part = Arrays.copyOfRange(content, 1_000, 2_001_000);
        assertThat(node.get(volume, "same")).isEqualTo(part);
        assertThat(node.get(other, "across")).isEqualTo(part);
        assertThat(events(ChangeFeed.START, 10).events().getLast().origin()).contains(ChangeEvent.Origin.COPIED);
        assertThat(((ChangeFeed.Events) feed.read(other, ChangeFeed.START, 1))
                        .events()
                        .getFirst()
                        .origin())
                .contains(ChangeEvent.Origin.COPIED);
        node.delete(volume, "source");
        node.delete(volume, "same");
        node.seal();
        node.node.keeper().runOnce();
        assertThat(node.get(other, "across")).isEqualTo(part);
        node.assertSound();
        assertThatThrownBy(() -> node.name(other, "late", across)).isInstanceOf(StorageException.class);
    }
}
