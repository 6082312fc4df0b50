package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.AttributeChange;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.client.RenameMode;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that writes names behind, and others that look: they see everything as if it had been done at once. */
@Timeout(120)
class DelegationsTest {
    private static final NewNode FILE = NewNode.file(0644, InodesFixture.OWNER);
    private static final NewNode DIRECTORY = NewNode.directory(0755, InodesFixture.OWNER);

    @TempDir
    Path data;

    private InodesFixture fixture;
    private InodesFixture.Peer peer;
    private Inodes mine;
    private Inodes theirs;
    /** Held by {@link #mine} from birth. */
    private long held;

    @BeforeEach
    void twoClientsAndADirectoryThatOneHolds(final TestInfo test) {
        fixture = new InodesFixture(data, test);
        peer = fixture.connect();
        mine = fixture.inodes;
        theirs = peer.client().inodes();
        fixture.client.delegations().use(fixture.volume, directory -> {});
        held = mine.make(fixture.root, Key.of("held"), DIRECTORY, true).inode();
    }

    @AfterEach
    void theStateIsSound() {
        fixture.client.delegations().flush();
        assertThat(fixture.node.fsck().run(false).findings()).isEmpty();
        peer.close();
        fixture.close();
    }

    private long commands() {
        return fixture.node.sessions().getFirst().shard().stats().proposals();
    }

    private void write(final long directory, final String name, final String content) {
        try (OpenFile file = mine.create(directory, Key.of(name), FILE, true)) {
            file.write(0, InodesFixture.text(content));
        }
    }

    private String readThere(final long inode) {
        try (OpenFile file = theirs.openForReading(inode)) {
            return InodesFixture.readText(file);
        }
    }

    @Test
    void manyChangesAreFewCommits() {
        write(held, "first", "x");
        final long before = commands();
        IntStream.range(0, 100).forEach(i -> write(held, "file" + i, "content" + i));
        fixture.client.delegations().flush();
        assertThat(commands() - before).isLessThan(20);
        assertThat(mine.readDirectory(held, Key.EMPTY, 1000).entries()).hasSize(101);
    }

    @Test
    void anotherClientSeesWhatIsPromised() {
        write(held, "file", "content");
        final Node seen = theirs.lookup(held, Key.of("file")).orElseThrow();
        assertThat(seen.size()).isEqualTo(7);
        assertThat(readThere(seen.inode())).isEqualTo("content");
    }

    @Test
    void listingsAndObjectsSeeWhatIsPromised() {
        write(held, "file", "content");
        final long below = mine.make(held, Key.of("below"), DIRECTORY, true).inode();
        write(below, "deep", "deeper");
        assertThat(fixture.node
                        .client()
                        .objects()
                        .list(fixture.volume, Key.EMPTY, Key.EMPTY, Key.EMPTY, 100)
                        .entries())
                .hasSize(4);
        assertThat(fixture.node.client().objects().stat(fixture.volume, Key.of("held/below/deep"), Optional.empty()))
                .isPresent();
    }

    @Test
    void whatWasShownBeforeTheCommitIsThereAfterwards() {
        write(held, "file", "content");
        final Node shown = mine.lookup(held, Key.of("file")).orElseThrow();
        final Node directory = mine.find(held).orElseThrow();
        final Node committed = theirs.lookup(held, Key.of("file")).orElseThrow();
        assertThat(committed.inode()).isEqualTo(shown.inode());
        assertThat(committed.times()).isEqualTo(shown.times());
        assertThat(committed.size()).isEqualTo(shown.size());
        assertThat(theirs.find(held).orElseThrow().times()).isEqualTo(directory.times());
        assertThat(theirs.find(held).orElseThrow().links()).isEqualTo(directory.links());
    }

    @Test
    void namesAreExclusiveAndMissingOnesAreMissing() {
        write(held, "file", "content");
        assertFails(Failure.ALREADY_EXISTS, () -> mine.create(held, Key.of("file"), FILE, true));
        assertFails(Failure.ALREADY_EXISTS, () -> mine.make(held, Key.of("file"), DIRECTORY, true));
        assertFails(Failure.NOT_FOUND, () -> mine.unlink(held, Key.of("other"), ""));
        assertFails(Failure.ALREADY_EXISTS, () -> theirs.create(held, Key.of("file"), FILE, true));
    }

    private static void assertFails(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                .isEqualTo(failure));
    }

    @Test
    void aFileIsMadeMovedChangedAndRemovedBeforeAnybodyLooks() {
        write(held, "a", "1");
        write(held, "b", "22");
        mine.rename(held, Key.of("a"), held, Key.of("b"), RenameMode.REPLACE, "");
        final Node moved = mine.lookup(held, Key.of("b")).orElseThrow();
        mine.setAttributes(moved.inode(), AttributeChange.NONE.withMode(0600));
        assertThat(theirs.lookup(held, Key.of("b")).orElseThrow().mode()).isEqualTo(0600);
        assertThat(theirs.lookup(held, Key.of("b")).orElseThrow().size()).isEqualTo(1);
        assertThat(theirs.lookup(held, Key.of("a"))).isEmpty();
    }

    @Test
    void aTreeIsMadeAndRemoved() {
        final long below = mine.make(held, Key.of("below"), DIRECTORY, true).inode();
        write(below, "file", "content");
        assertFails(Failure.NOT_EMPTY, () -> mine.removeDirectory(held, Key.of("below")));
        mine.unlink(below, Key.of("file"), "");
        mine.removeDirectory(held, Key.of("below"));
        assertThat(mine.lookup(held, Key.of("below"))).isEmpty();
        assertThat(theirs.lookup(held, Key.of("below"))).isEmpty();
    }

    @Test
    void aSessionThatEndsGivesBackWhatItHad() {
        final InodesFixture.Peer other = fixture.connect();
        other.client().delegations().use(fixture.volume, directory -> {});
        final long his = other.client()
                .inodes()
                .make(fixture.root, Key.of("his"), DIRECTORY, true)
                .inode();
        other.die();
        assertThat(mine.readDirectory(his, Key.EMPTY, 10).entries()).isEmpty();
    }

    @Test
    void bothGoOnAfterARecall() {
        write(held, "mine", "1");
        theirs.make(held, Key.of("theirs"), FILE, true);
        write(held, "mine too", "2");
        assertThat(mine.readDirectory(held, Key.EMPTY, 100).entries()).hasSize(3);
        assertThat(theirs.readDirectory(held, Key.EMPTY, 100).entries()).hasSize(3);
    }

    @Test
    void syncMakesTheNameDurableToo() {
        try (OpenFile file = mine.create(held, Key.of("file"), FILE, true)) {
            file.write(0, InodesFixture.text("content"));
            final long before = commands();
            file.sync();
            assertThat(commands() - before).isLessThanOrEqualTo(2);
        }
        assertThat(theirs.lookup(held, Key.of("file")).orElseThrow().size()).isEqualTo(7);
    }

    @Test
    void aFileThatIsOpenLivesOnWithoutItsName() {
        try (OpenFile file = mine.create(held, Key.of("file"), FILE, true)) {
            file.write(0, InodesFixture.text("content"));
            mine.unlink(held, Key.of("file"), "");
            assertThat(theirs.lookup(held, Key.of("file"))).isEmpty();
            assertThat(InodesFixture.readText(file)).isEqualTo("content");
            file.write(7, InodesFixture.text("!"));
            file.sync();
            assertThat(InodesFixture.readText(file)).isEqualTo("content!");
        }
    }

    @Test
    void whatIsWrittenIsReadBack() {
        write(held, "file", "content");
        final long inode = mine.lookup(held, Key.of("file")).orElseThrow().inode();
        try (OpenFile file = mine.open(inode)) {
            assertThat(InodesFixture.readText(file)).isEqualTo("content");
            file.write(0, InodesFixture.text("C"));
        }
        assertThat(readThere(inode)).isEqualTo("Content");
    }

    @Test
    void longContentsComeToExtents() {
        final byte[] bytes = InodesFixture.random(100_000);
        try (OpenFile file = mine.create(held, Key.of("long"), FILE, true)) {
            file.write(0, ByteBuffer.wrap(bytes));
        }
        final long inode = theirs.lookup(held, Key.of("long")).orElseThrow().inode();
        try (OpenFile file = theirs.openForReading(inode)) {
            assertThat(InodesFixture.read(file, 0, 200_000)).isEqualTo(bytes);
        }
    }

    @Test
    void veryLongContentsComeBehindTheirName() {
        final byte[] bytes = InodesFixture.random(1 << 20);
        try (OpenFile file = mine.create(held, Key.of("long"), FILE, true)) {
            file.write(0, ByteBuffer.wrap(bytes));
        }
        final long inode = theirs.lookup(held, Key.of("long")).orElseThrow().inode();
        try (OpenFile file = theirs.openForReading(inode)) {
            assertThat(InodesFixture.read(file, 0, 2 << 20)).isEqualTo(bytes);
        }
    }

    @Test
    void linksAndMovedDirectoriesAreInOrderWithWhatIsPromised() {
        write(held, "file", "content");
        final long inode = mine.lookup(held, Key.of("file")).orElseThrow().inode();
        final long below = mine.make(held, Key.of("below"), DIRECTORY, true).inode();
        mine.link(inode, below, Key.of("link"));
        mine.rename(held, Key.of("below"), held, Key.of("moved"), RenameMode.REPLACE, "");
        mine.unlink(held, Key.of("file"), "");
        assertThat(mine.lookup(held, Key.of("below"))).isEmpty();
        assertThat(mine.lookup(below, Key.of("link")).orElseThrow().links()).isEqualTo(1);
        assertThat(theirs.resolve(held, List.of(Key.of("moved"), Key.of("link")))
                        .getLast()
                        .inode())
                .isEqualTo(inode);
        assertThat(theirs.lookup(held, Key.of("file"))).isEmpty();
    }

    @Test
    void aDirectoryThatWasThereIsHadAfterAFewChanges() {
        final long there =
                theirs.make(fixture.root, Key.of("there"), DIRECTORY, true).inode();
        theirs.make(there, Key.of("old"), FILE, true);
        IntStream.range(0, 5).forEach(i -> write(there, "file" + i, "x"));
        final long before = commands();
        IntStream.range(5, 50).forEach(i -> write(there, "file" + i, "x"));
        assertThat(mine.lookup(there, Key.of("old"))).isPresent();
        assertFails(Failure.ALREADY_EXISTS, () -> mine.create(there, Key.of("old"), FILE, true));
        mine.unlink(there, Key.of("old"), "");
        fixture.client.delegations().flush();
        assertThat(commands() - before).isLessThan(20);
        assertThat(theirs.readDirectory(there, Key.EMPTY, 100).entries()).hasSize(50);
    }
}
