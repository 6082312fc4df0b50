package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tarn.client.AttributeChange;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.NodeType;
import io.tarn.client.RenameMode;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NewContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where commands by inode once broke the state, or would have stopped the shard. */
class NodeEdgesTest {
    private final NamespaceFixture namespace = new NamespaceFixture();
    private final NodeQueries queries = namespace.queries().nodes();
    private final long root = queries.root(NamespaceFixture.VOLUME).inode();

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(namespace.store).run()).isEmpty();
    }

    private Node make(final long parent, final String name, final NodeType type) {
        final Key target = type == NodeType.SYMLINK ? Key.of("target") : Key.EMPTY;
        return NodeProposals.node(namespace
                .apply(NodeProposals.make(
                        parent, Key.of(name), new NewNode(type, 0755, 1, 1, 0, target, "tenant/user"), true, false))
                .getNode());
    }

    private Command.Builder rename(
            final long from, final String name, final long to, final String toName, final RenameMode mode) {
        return NodeProposals.rename(from, Key.of(name), to, Key.of(toName), mode, "tenant/user");
    }

    private long inode(final long parent, final String name) {
        return queries.lookup(parent, Key.of(name)).orElseThrow().inode();
    }

    private void refuses(final Failure failure, final Command.Builder command) {
        assertThatThrownBy(() -> namespace.apply(command))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(failure));
    }

    private void resize(final long inode, final long size) {
        namespace.apply(NodeProposals.setAttributes(inode, AttributeChange.NONE.withSize(size), 0));
    }

    @Test
    void aTinyFileMadeLongerReadsZerosAfterItsBytes() {
        namespace.put("f", "abc");
        resize(inode(root, "f"), 10);
        final NodeQueries.FileRange range = queries.range(inode(root, "f"), 0, 10);
        assertThat(range.size()).isEqualTo(10);
        assertThat(range.inline()).isEmpty();
        assertThat(range.slices()).hasSize(1);
    }

    @Test
    void aFileOfManySlicesCanBecomeEmpty() {
        final long file = make(root, "f", NodeType.FILE).inode();
        for (int at = 0; at < 30; at += 2) {
            namespace.apply(NodeProposals.write(
                    file,
                    at,
                    NewContent.newBuilder()
                            .setLength(1)
                            .setInlineData(ByteString.copyFromUtf8("x"))
                            .build(),
                    0));
        }
        resize(file, 0);
        assertThat(queries.range(file, 0, 100).slices()).isEmpty();
    }

    @Test
    void theSameSourceIsNotConcatenatedTwice() {
        namespace.put("s", "bytes");
        final long target = make(root, "t", NodeType.FILE).inode();
        final Inodes.Entry source = new Inodes.Entry(root, Key.of("s"));
        refuses(Failure.INVALID_ARGUMENT, NodeProposals.concatenate(target, List.of(source, source), ""));
        assertThat(namespace.usage()).isEqualTo(new Usage(5, 2));
    }

    @Test
    void replacingTheOnlyEntryOfAnImpliedDirectoryKeepsTheDirectory() {
        namespace.put("implied/x", "1");
        final long implied = inode(root, "implied");
        make(implied, "sub", NodeType.DIRECTORY);
        namespace.delete("implied/x");
        final long moved = make(root, "moved", NodeType.DIRECTORY).inode();
        namespace.apply(rename(root, "moved", implied, "sub", RenameMode.REPLACE));
        assertThat(inode(implied, "sub")).isEqualTo(moved);
    }

    @Test
    void aVolumeIsNotDroppedUnderAnOpenFile() {
        final long file = make(root, "f", NodeType.FILE).inode();
        namespace.apply(NodeProposals.open(file, true));
        namespace.apply(NodeProposals.unlink(root, Key.of("f"), ""));
        refuses(Failure.NOT_EMPTY, NamespaceCommands.dropVolume(NamespaceFixture.VOLUME));
        namespace.apply(
                NodeProposals.close(file, Closing.newBuilder().setWriting(1).build()));
        namespace.drop();
    }

    @Test
    void aDirectoryIsNotHeldOpen() {
        refuses(
                Failure.IS_A_DIRECTORY,
                NodeProposals.open(make(root, "d", NodeType.DIRECTORY).inode(), true));
    }

    @Test
    void anOldVersionThatIsALinkComesBackAsALink() {
        namespace.versioning(Versioning.ENABLED);
        make(root, "l", NodeType.SYMLINK);
        namespace.put("l", "file");
        namespace.delete(
                "l", namespace.find("l", Optional.empty()).orElseThrow().version());
        assertThat(queries.lookup(root, Key.of("l")).orElseThrow().type()).isEqualTo(NodeType.SYMLINK);
        assertThat(namespace
                        .queries()
                        .open(NamespaceFixture.VOLUME, Key.of("l"), Optional.empty())
                        .orElseThrow()
                        .inline())
                .hasValue("target".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anExchangeNeverCoversWhatElseBearsTheName() {
        namespace.put("a", "file");
        namespace.put("a/b", "below");
        namespace.put("f", "other");
        refuses(Failure.ALREADY_EXISTS, rename(root, "a", root, "f", RenameMode.EXCHANGE));
        namespace.put("d//x", "in a directory of empty name");
        namespace.put("d/f", "1");
        final long d = inode(root, "d");
        refuses(Failure.INVALID_ARGUMENT, rename(d, "%tarn-", d, "f", RenameMode.EXCHANGE));
    }

    @Test
    void anExchangeOfAFileAndADirectoryLeavesADeleteMarkerWhereVersionsAreKept() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("f", "1");
        namespace.put("f", "2");
        make(root, "d", NodeType.DIRECTORY);
        namespace.apply(rename(root, "d", root, "f", RenameMode.EXCHANGE));
        assertThat(namespace.find("f", Optional.empty()).orElseThrow().deleteMarker())
                .isTrue();
        assertThat(namespace.find("d", Optional.empty()).orElseThrow().size()).isEqualTo(1);
    }

    @Test
    void whereVersionsAreKeptAFileHasOneName() {
        final long file = make(root, "f", NodeType.FILE).inode();
        namespace.apply(NodeProposals.link(file, root, Key.of("g")));
        namespace.versioning(Versioning.ENABLED);
        refuses(Failure.UNSUPPORTED, NodeProposals.link(file, root, Key.of("h")));
        refuses(Failure.UNSUPPORTED, rename(root, "f", root, "h", RenameMode.REPLACE));
    }

    @Test
    void anOldVersionNeverChangesWhoeverHasItOpen() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("f", "old");
        final long old = inode(root, "f");
        namespace.apply(NodeProposals.open(old, true));
        namespace.put("f", "new");
        refuses(Failure.CONFLICT, NodeProposals.hole(old, 0, 3, false, 0));
        namespace.delete(
                "f", namespace.find("f", Optional.empty()).orElseThrow().version());
        namespace.apply(NodeProposals.hole(old, 0, 3, false, 0));
    }

    @Test
    void aDirectoryMadeAfterItsKeyWasDeletedIsThere() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("d/", "");
        namespace.delete("d/");
        make(root, "d", NodeType.DIRECTORY);
        assertThat(namespace.find("d/", Optional.empty()).orElseThrow().deleteMarker())
                .isFalse();
    }
}
