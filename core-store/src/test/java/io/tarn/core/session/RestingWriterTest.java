package io.tarn.core.session;

import static io.tarn.core.session.InodesFixture.OWNER;
import static io.tarn.core.session.InodesFixture.readText;
import static io.tarn.core.session.InodesFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.AttributeChange;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.core.node.LocalNode;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Writers who give a file back before they close it, and times that are shown before they are committed. */
final class RestingWriterTest {
    @TempDir
    static Path data;

    private static InodesFixture node;
    private static LocalNode.Connection other;
    private static Inodes others;

    private Key name;

    @BeforeAll
    static void start(final TestInfo test) {
        node = new InodesFixture(data, test);
        other = node.node.connect();
        others = other.client().inodes();
    }

    @AfterAll
    static void stop() {
        other.close();
        node.close();
    }

    @BeforeEach
    void nameOfTheTest(final TestInfo test) {
        name = Key.of(test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void theStoreIsSoundAndNobodyPinsIt() {
        assertThat(node.node.fsck().run(false).findings()).isEmpty();
        assertThat(node.node.sessions().getFirst().pins().reclaimableUpTo(Long.MAX_VALUE))
                .isEqualTo(Long.MAX_VALUE);
    }

    private static long commands() {
        return node.node.sessions().getFirst().shard().stats().proposals();
    }

    private OpenFile create() {
        return node.inodes.create(node.root, name, NewNode.file(0644, OWNER), true);
    }

    @Test
    void aFileMadeWrittenRestedAndClosedIsTwoCommands() {
        final long before = commands();
        final OpenFile file = create();
        file.write(0, text("bytes"));
        file.rest();
        try (OpenFile elsewhere = others.openForReading(file.inode())) {
            assertThat(readText(elsewhere)).isEqualTo("bytes");
        }
        assertThat(readText(file)).isEqualTo("bytes");
        file.close();
        assertThat(commands() - before).isEqualTo(2);
    }

    @Test
    void whoRestsGoesOnWithACommandMore() {
        final OpenFile file = create();
        file.write(0, text("one"));
        file.rest();
        final long before = commands();
        file.write(3, text("two"));
        file.rest();
        file.close();
        assertThat(commands() - before).isEqualTo(2);
        assertThat(others.find(file.inode()).map(Node::size)).contains(6L);
    }

    @Test
    void aFileWhoseWriterRestsOutlivesItsNames() {
        final OpenFile file = create();
        file.write(0, text("one"));
        file.rest();
        node.inodes.unlink(node.root, name, "");
        assertThat(readText(file)).isEqualTo("one");
        file.write(3, text("two"));
        file.rest();
        assertThat(readText(file)).isEqualTo("onetwo");
        assertThat(others.find(file.inode())).isPresent();
        file.close();
        assertThat(others.find(file.inode())).isEmpty();
    }

    @Test
    void aFileWithoutNamesIsNotGivenBackBeforeItIsClosed() {
        final OpenFile file = create();
        others.unlink(node.root, name, "");
        file.write(0, text("x"));
        file.rest();
        assertThat(readText(file)).isEqualTo("x");
        file.close();
        assertThat(others.find(file.inode())).isEmpty();
    }

    @Test
    void aSecondWriterKeepsTheFileKnown() {
        final OpenFile first = create();
        try (OpenFile second = node.inodes.open(first.inode())) {
            first.write(0, text("x"));
            first.rest();
            others.unlink(node.root, name, "");
            first.close();
            assertThat(others.find(second.inode())).isPresent();
            second.write(1, text("y"));
            second.rest();
            assertThat(readText(second)).isEqualTo("xy");
        }
        assertThat(others.find(first.inode())).isEmpty();
    }

    @Test
    void timesThatWereShownAreThoseOfTheCommit() {
        final OpenFile file = create();
        final long made = file.node().times().changed();
        file.write(0, text("x"));
        final Node shown = file.settle(made + 1, made + 2);
        assertThat(file.settle(made + 100, made + 100).times()).isEqualTo(shown.times());
        file.close();
        final Node committed = others.find(file.inode()).orElseThrow();
        assertThat(committed.times()).isEqualTo(shown.times());
        assertThat(committed.times().modified()).isEqualTo(made + 1);
        assertThat(committed.times().changed()).isEqualTo(made + 2);
    }

    @Test
    void aTimeOfChangeGoesNeitherBackNorAhead() {
        final OpenFile file = create();
        final long made = file.node().times().changed();
        file.write(0, text("x"));
        file.settle(1, 1);
        file.sync();
        assertThat(others.find(file.inode()).orElseThrow().times().changed()).isEqualTo(made);
        assertThat(others.find(file.inode()).orElseThrow().times().modified()).isEqualTo(1);
        file.write(0, text("y"));
        file.settle(1, Long.MAX_VALUE);
        file.close();
        assertThat(others.find(file.inode()).orElseThrow().times().changed()).isBetween(made + 1, Long.MAX_VALUE - 1);
    }

    @Test
    void whatIsWrittenOrSetLaterHasItsOwnTimes() {
        final OpenFile file = create();
        final long made = file.node().times().changed();
        file.write(0, text("x"));
        file.settle(made + 1, made + 1);
        file.setAttributes(AttributeChange.NONE
                .withMode(0600)
                .withTimes(Optional.empty(), Optional.of(new AttributeChange.At(7))));
        assertThat(file.settle(made + 2, made + 3).times().modified()).isEqualTo(7);
        assertThat(file.node().times().changed()).isEqualTo(made + 3);
        file.write(1, text("y"));
        assertThat(file.settle(made + 4, made + 4).times().modified()).isEqualTo(made + 4);
        file.close();
        final Node committed = others.find(file.inode()).orElseThrow();
        assertThat(committed.mode()).isEqualTo(0600);
        assertThat(committed.times().changed()).isEqualTo(made + 4);
    }
}
