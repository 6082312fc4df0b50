package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.CloseNode;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.Concatenate;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.LinkNode;
import io.tarn.core.namespace.wire.MakeNode;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.OpenNode;
import io.tarn.core.namespace.wire.RemoveDirectory;
import io.tarn.core.namespace.wire.RenameNode;
import io.tarn.core.namespace.wire.SetAttributes;
import io.tarn.core.namespace.wire.SetXattr;
import io.tarn.core.namespace.wire.UnlinkNode;
import io.tarn.core.namespace.wire.WriteContent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names and bytes by inode, and what S3 sees of them. */
final class NodeRulesTest {
    private final NamespaceFixture namespace = new NamespaceFixture();
    private final long root = Records.volume(namespace.store, NamespaceFixture.VOLUME)
            .orElseThrow()
            .getRoot();

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(namespace.store).run()).isEmpty();
    }

    private long make(final long parent, final String name, final FileType type) {
        return namespace
                .apply(Command.newBuilder()
                        .setMakeNode(MakeNode.newBuilder()
                                .setParent(parent)
                                .setName(ByteString.copyFromUtf8(name))
                                .setType(type)
                                .setMode(0644)
                                .setExclusive(true)))
                .getNode()
                .getInode();
    }

    private long file(final String name) {
        return make(root, name, FileType.REGULAR);
    }

    private long directory(final long parent, final String name) {
        return make(parent, name, FileType.DIRECTORY);
    }

    private void write(final long inode, final long offset, final String text) {
        namespace.apply(Command.newBuilder()
                .setWriteContent(WriteContent.newBuilder()
                        .setInode(inode)
                        .setOffset(offset)
                        .setContent(NewContent.newBuilder()
                                .setLength(text.length())
                                .setInlineData(ByteString.copyFromUtf8(text)))));
    }

    private void rename(final long fromParent, final String from, final long toParent, final String to) {
        namespace.apply(rename(fromParent, from, toParent, to, false));
    }

    private static Command.Builder rename(
            final long fromParent, final String from, final long toParent, final String to, final boolean exchange) {
        return Command.newBuilder()
                .setRenameNode(RenameNode.newBuilder()
                        .setFromParent(fromParent)
                        .setFromName(ByteString.copyFromUtf8(from))
                        .setToParent(toParent)
                        .setToName(ByteString.copyFromUtf8(to))
                        .setExchange(exchange));
    }

    private void unlink(final String name) {
        namespace.apply(Command.newBuilder()
                .setUnlinkNode(UnlinkNode.newBuilder().setParent(root).setName(ByteString.copyFromUtf8(name))));
    }

    private Command.Builder removal(final String name) {
        return Command.newBuilder()
                .setRemoveDirectory(
                        RemoveDirectory.newBuilder().setParent(root).setName(ByteString.copyFromUtf8(name)));
    }

    private String content(final String key) {
        final NamespaceQueries.OpenFile file = namespace
                .queries()
                .open(NamespaceFixture.VOLUME, Key.of(key), Optional.empty())
                .orElseThrow();
        final byte[] bytes = new byte[Math.toIntExact(file.info().size())];
        file.inline().ifPresent(data -> System.arraycopy(data, 0, bytes, 0, data.length));
        file.slices().forEach(slice -> slice.getData().copyTo(bytes, (int) slice.getFileOffset()));
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8).replace('\0', '.');
    }

    @Test
    void aTinyFileThatIsLengthenedReadsAsZerosBehindItsBytes() {
        final long file = file("tiny");
        namespace.put("tiny", "abc");
        final long inode =
                namespace.find("tiny", Optional.empty()).orElseThrow().inode();
        assertThat(inode).isNotEqualTo(file);
        namespace.apply(Command.newBuilder()
                .setSetAttributes(SetAttributes.newBuilder()
                        .setInode(inode)
                        .setHasSize(true)
                        .setSize(5)));
        assertThat(content("tiny")).isEqualTo("abc..");
        write(inode, 4, "e");
        assertThat(content("tiny")).isEqualTo("abc.e");
    }

    private List<String> keys() {
        return namespace
                .queries()
                .list(NamespaceFixture.VOLUME, Key.EMPTY, Key.EMPTY, Key.EMPTY, 1000)
                .entries()
                .stream()
                .map(entry -> entry.key().toString())
                .toList();
    }

    private void refuses(final Failure failure, final Command.Builder command) {
        assertThatThrownBy(() -> namespace.apply(command))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(failure));
    }

    @Test
    void writesInPlaceCutWhatWasThereAndLeaveHoles() {
        final long file = file("f");
        write(file, 0, "0123456789");
        write(file, 3, "abc");
        assertThat(content("f")).isEqualTo("012abc6789");
        write(file, 12, "end");
        assertThat(content("f")).isEqualTo("012abc6789..end");
        namespace.apply(Command.newBuilder()
                .setWriteContent(
                        WriteContent.newBuilder().setInode(file).setOffset(1).setHoleLength(4)));
        assertThat(content("f")).isEqualTo("0....c6789..end");
        assertThat(namespace.usage()).isEqualTo(new Usage(15, 1));
    }

    @Test
    void manyWritesSpillTheSlicesAndTruncationTakesThemBack() {
        final long file = file("f");
        for (int at = 0; at < 40; at++) {
            write(file, at * 3L, "ab");
        }
        assertThat(content("f")).isEqualTo("ab.".repeat(39) + "ab");
        namespace.apply(Command.newBuilder()
                .setSetAttributes(SetAttributes.newBuilder()
                        .setInode(file)
                        .setHasSize(true)
                        .setSize(7)));
        assertThat(content("f")).isEqualTo("ab.ab.a");
        namespace.apply(Command.newBuilder()
                .setSetAttributes(SetAttributes.newBuilder()
                        .setInode(file)
                        .setHasSize(true)
                        .setSize(9)));
        assertThat(content("f")).isEqualTo("ab.ab.a..");
    }

    @Test
    void anAppendLandsAtTheEnd() {
        final long file = file("f");
        write(file, 0, "one");
        final long offset = namespace
                .apply(Command.newBuilder()
                        .setWriteContent(WriteContent.newBuilder()
                                .setInode(file)
                                .setAppend(true)
                                .setContent(NewContent.newBuilder()
                                        .setLength(3)
                                        .setInlineData(ByteString.copyFromUtf8("two")))))
                .getNode()
                .getOffset();
        assertThat(offset).isEqualTo(3);
        assertThat(content("f")).isEqualTo("onetwo");
    }

    @Test
    void aRenameReplacesTheTargetAtOnce() {
        write(file("a"), 0, "new");
        write(file("b"), 0, "old");
        rename(root, "a", root, "b");
        assertThat(keys()).containsExactly("b");
        assertThat(content("b")).isEqualTo("new");
        assertThat(namespace.usage()).isEqualTo(new Usage(3, 1));
    }

    @Test
    void aDirectoryMovesWithAllBelowAndNeverBelowItself() {
        final long a = directory(root, "a");
        final long b = directory(root, "b");
        namespace.put("a/x/y", "1");
        rename(root, "a", b, "c");
        assertThat(keys()).containsExactly("b/", "b/c/", "b/c/x/y");
        refuses(Failure.LOOP, rename(root, "b", a, "d", false));
    }

    @Test
    void anExchangeSwapsAFileAndADirectory() {
        final long d = directory(root, "d");
        make(d, "in", FileType.REGULAR);
        write(file("f"), 0, "text");
        namespace.apply(rename(root, "d", root, "f", true));
        assertThat(keys()).containsExactly("d", "f/", "f/in");
        assertThat(content("d")).isEqualTo("text");
    }

    @Test
    void aHardLinkIsTheSameFileAndLivesOnAlone() {
        final long file = file("a");
        write(file, 0, "1");
        namespace.apply(Command.newBuilder()
                .setLinkNode(
                        LinkNode.newBuilder().setInode(file).setParent(root).setName(ByteString.copyFromUtf8("b"))));
        write(file, 1, "2");
        unlink("a");
        assertThat(content("b")).isEqualTo("12");
        unlink("b");
        assertThat(namespace.usage()).isEqualTo(new Usage(0, 0));
    }

    @Test
    void anOpenFileOutlivesItsLastName() {
        final long file = file("a");
        write(file, 0, "123");
        namespace.apply(Command.newBuilder().setOpenNode(OpenNode.newBuilder().setInode(file)));
        unlink("a");
        assertThat(namespace.usage()).isEqualTo(new Usage(3, 1));
        write(file, 3, "4");
        namespace.apply(Command.newBuilder()
                .setCloseNode(CloseNode.newBuilder()
                        .setInode(file)
                        .setClosing(Closing.newBuilder().setReading(1))));
        assertThat(namespace.usage()).isEqualTo(new Usage(0, 0));
    }

    @Test
    void onlyAnEmptyDirectoryIsRemoved() {
        directory(root, "d");
        namespace.put("d/x", "1");
        refuses(Failure.NOT_EMPTY, removal("d"));
        namespace.delete("d/x");
        namespace.apply(removal("d"));
        assertThat(keys()).isEmpty();
        file("f");
        refuses(Failure.NOT_A_DIRECTORY, removal("f"));
        refuses(Failure.NOT_FOUND, removal("none"));
    }

    @Test
    void onAVersionedVolumeAnUnlinkLeavesADeleteMarker() {
        namespace.versioning(Versioning.ENABLED);
        write(file("a"), 0, "1");
        unlink("a");
        assertThat(keys()).isEmpty();
        assertThat(namespace.find("a", Optional.empty()).orElseThrow().deleteMarker())
                .isTrue();
    }

    @Test
    void concatenationMovesTheSourcesToTheEnd() {
        final long target = file("t");
        write(target, 0, "a");
        write(file("s1"), 0, "bc");
        write(file("s2"), 0, "d");
        namespace.apply(Command.newBuilder()
                .setConcatenate(Concatenate.newBuilder()
                        .setTarget(target)
                        .addSources(NodeName.newBuilder().setParent(root).setName(ByteString.copyFromUtf8("s1")))
                        .addSources(NodeName.newBuilder().setParent(root).setName(ByteString.copyFromUtf8("s2")))));
        assertThat(keys()).containsExactly("t");
        assertThat(content("t")).isEqualTo("abcd");
        assertThat(namespace.usage()).isEqualTo(new Usage(4, 1));
    }

    @Test
    void anExtendedAttributeGoesWithItsFile() {
        final long file = file("a");
        final SetXattr.Builder attribute = SetXattr.newBuilder()
                .setInode(file)
                .setName(ByteString.copyFromUtf8("user.x"))
                .setValue(ByteString.copyFromUtf8("1"));
        namespace.apply(Command.newBuilder().setSetXattr(attribute.setCreateOnly(true)));
        refuses(Failure.ALREADY_EXISTS, Command.newBuilder().setSetXattr(attribute));
        unlink("a");
        assertThat(namespace.store.get(
                        Families.XATTR, Keys.name(file, "user.x".getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .isEmpty();
    }
}
