package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tarn.client.AttributeChange;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.NodeType;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore;
import io.tarn.client.Quota;
import io.tarn.client.RenameMode;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.NewContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Versions of files that are written in place: when one is made, what it keeps, and what it costs. */
final class EpisodeRulesTest {
    private static final NewNode FILE = new NewNode(NodeType.FILE, 0644, 1, 1, 0, Key.EMPTY, "tenant/user");
    private static final NewNode DIRECTORY = new NewNode(NodeType.DIRECTORY, 0755, 1, 1, 0, Key.EMPTY, "");

    private final NamespaceFixture namespace = new NamespaceFixture();
    private final long root =
            namespace.queries().nodes().root(NamespaceFixture.VOLUME).inode();

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(namespace.store).run()).isEmpty();
    }

    private static void refuses(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                .isEqualTo(failure));
    }

    private long inode(final String name) {
        return namespace
                .queries()
                .nodes()
                .lookup(root, Key.of(name))
                .orElseThrow()
                .inode();
    }

    private long make(final long parent, final String name, final NewNode what, final boolean open) {
        return namespace
                .apply(NodeProposals.make(parent, Key.of(name), what, true, open))
                .getNode()
                .getInode();
    }

    private void write(final long file, final long offset, final String bytes) {
        final NewContent content = NewContent.newBuilder()
                .setLength(bytes.length())
                .setInlineData(ByteString.copyFromUtf8(bytes))
                .build();
        namespace.apply(NodeProposals.write(file, offset, content, 0));
    }

    private void resize(final long file, final long size) {
        namespace.apply(NodeProposals.setAttributes(file, AttributeChange.NONE.withSize(size), 0));
    }

    private void open(final long file) {
        namespace.apply(NodeProposals.open(file, /* writing= */ true));
    }

    private void close(final long file) {
        namespace.apply(
                NodeProposals.close(file, Closing.newBuilder().setWriting(1).build()));
    }

    private String content(final ObjectInfo version) {
        final NamespaceQueries.OpenFile file = namespace
                .queries()
                .open(NamespaceFixture.VOLUME, version.key(), Optional.of(version.version()))
                .orElseThrow();
        return file.inline()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElseGet(() -> file.slices().stream()
                        .map(slice -> slice.getData().toStringUtf8())
                        .reduce("", String::concat));
    }

    /** All versions of a key, as S3 lists them. */
    private List<ObjectInfo> versions(final String key) {
        return namespace
                .queries()
                .listVersions(NamespaceFixture.VOLUME, Key.of(key), Key.EMPTY, Key.EMPTY, Optional.empty(), 1000)
                .entries()
                .stream()
                .map(entry -> ((ObjectStore.Found) entry).info())
                .toList();
    }

    private List<String> contents(final String key) {
        return versions(key).stream().map(this::content).toList();
    }

    @Test
    void theFirstCommitOfAnEpisodeKeepsWhatWasBeforeAndLaterOnesDoNot() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("f", "old");
        final ObjectInfo before = versions("f").getFirst();
        final long file = inode("f");
        open(file);
        open(file);
        write(file, 0, "N");
        write(file, 1, "EW");
        close(file);
        write(file, 3, "!");
        close(file);
        assertThat(contents("f")).containsExactly("NEW!", "old");
        assertThat(inode("f")).isEqualTo(file);
        final ObjectInfo kept = versions("f").getLast();
        assertThat(kept.version()).isEqualTo(before.version());
        assertThat(kept.etag()).isEqualTo(before.etag()).isEqualTo("old");
        assertThat(kept.meta()).isEqualTo(before.meta());
        assertThat(kept.modifiedNanos()).isEqualTo(before.modifiedNanos());
        assertThat(versions("f").getFirst().version()).isNotEqualTo(before.version());
        assertThat(namespace.usage()).isEqualTo(new Usage(7, 2));
        open(file);
        write(file, 0, "again");
        close(file);
        assertThat(contents("f")).containsExactly("again", "NEW!", "old");
    }

    @Test
    void whoMakesAFileMakesOneVersion() {
        namespace.versioning(Versioning.ENABLED);
        final long file = make(root, "f", FILE, true);
        write(file, 0, "1");
        write(file, 1, "2");
        close(file);
        assertThat(contents("f")).containsExactly("12");
    }

    @Test
    void whatChangesAFileThatNobodyWritesIsAnEpisodeOfItsOwn() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("f", "123");
        resize(inode("f"), 2);
        namespace.apply(NodeProposals.open(inode("f"), /* writing= */ false));
        resize(inode("f"), 1);
        assertThat(contents("f")).containsExactly("1", "12", "123");
        namespace.apply(NodeProposals.setAttributes(inode("f"), AttributeChange.NONE.withMode(0600), 0));
        assertThat(versions("f")).hasSize(3);
    }

    @Test
    void whereVersioningIsSuspendedTheFileBecomesTheNullVersion() {
        namespace.put("f", "null");
        namespace.versioning(Versioning.ENABLED);
        namespace.put("f", "kept");
        final String kept = versions("f").getFirst().version();
        namespace.versioning(Versioning.SUSPENDED);
        final long file = inode("f");
        open(file);
        write(file, 0, "K");
        close(file);
        assertThat(versions("f")).extracting(ObjectInfo::version).containsExactly("null", kept);
        assertThat(contents("f")).containsExactly("Kept", "kept");
        open(file);
        write(file, 0, "L");
        close(file);
        assertThat(contents("f")).containsExactly("Lept", "kept");
    }

    @Test
    void aRenamedFileIsChangedUnderItsNewName() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("f", "1");
        namespace.apply(NodeProposals.rename(root, Key.of("f"), root, Key.of("g"), RenameMode.REPLACE, ""));
        write(inode("g"), 0, "2");
        assertThat(contents("g")).containsExactly("2", "1");
    }

    @Test
    void versionsCountAgainstTheQuota() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("f", "12345");
        namespace.apply(
                NamespaceCommands.setVolumePolicy(NamespaceFixture.VOLUME, new Quota(8, 10), Versioning.ENABLED));
        refuses(Failure.QUOTA_EXCEEDED, () -> write(inode("f"), 0, "1"));
        assertThat(contents("f")).containsExactly("12345");
    }

    @Test
    void aVersionOfManySlicesIsSharedAndGoesAlone() {
        namespace.versioning(Versioning.ENABLED);
        final long file = make(root, "f", FILE, true);
        for (int i = 0; i < 20; i++) {
            write(file, 2L * i, "x");
        }
        close(file);
        write(file, 0, "y");
        assertThat(contents("f")).containsExactly("y" + "x".repeat(19), "x".repeat(20));
        namespace.delete("f", versions("f").getLast().version());
        assertThat(contents("f")).containsExactly("y" + "x".repeat(19));
    }

    @Test
    void directoriesMadeByInodeAreAsDeepAsThoseMadeByPath() {
        long parent = root;
        for (int depth = 1; depth <= Directories.MAX_DEPTH; depth++) {
            parent = make(parent, "d", DIRECTORY, false);
        }
        final long deepest = parent;
        refuses(Failure.TOO_LARGE, () -> make(deepest, "d", DIRECTORY, false));
        make(deepest, "f", FILE, false);
    }
}
