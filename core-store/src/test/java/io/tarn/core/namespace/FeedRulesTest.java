package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.core.kv.Cursor;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FeedEvent;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.LinkNode;
import io.tarn.core.namespace.wire.MakeNode;
import io.tarn.core.namespace.wire.NodeName;
import io.tarn.core.namespace.wire.RenameNode;
import io.tarn.core.namespace.wire.SetAttributes;
import io.tarn.core.namespace.wire.SetXattr;
import io.tarn.core.namespace.wire.TrimFeed;
import io.tarn.core.namespace.wire.UnlinkNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the feed tells, and how it is kept short. */
final class FeedRulesTest {
    private final NamespaceFixture namespace = new NamespaceFixture();
    private final long root = Records.volume(namespace.store, NamespaceFixture.VOLUME)
            .orElseThrow()
            .getRoot();

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(namespace.store).run()).isEmpty();
    }

    private List<FeedEvent> events() {
        final List<FeedEvent> events = new ArrayList<>();
        try (Cursor cursor = namespace.store.scan(Families.FEED, new byte[0], new byte[0])) {
            for (; cursor.valid(); cursor.next()) {
                events.add(Records.parse(FeedEvent.parser(), cursor.value()));
            }
        }
        return events;
    }

    private List<String> told() {
        return events().stream()
                .map(event -> event.getType() + " " + event.getPath().toStringUtf8() + (isDirectory(event) ? "/" : ""))
                .toList();
    }

    private static boolean isDirectory(final FeedEvent event) {
        return event.getFileType() == FileType.DIRECTORY;
    }

    private long make(final String name) {
        return namespace
                .apply(Command.newBuilder()
                        .setMakeNode(MakeNode.newBuilder()
                                .setParent(root)
                                .setName(ByteString.copyFromUtf8(name))
                                .setType(FileType.REGULAR)))
                .getNode()
                .getInode();
    }

    private boolean trim(final long beforeNanos, final long keep) {
        return namespace
                .apply(Command.newBuilder()
                        .setTrimFeed(TrimFeed.newBuilder()
                                .setVolume(NamespaceFixture.VOLUME)
                                .setBeforeNanos(beforeNanos)
                                .setKeepEvents(keep)))
                .getProgress()
                .getMore();
    }

    @Test
    void directoriesThatComeAndGoWithAKeyAreTold() {
        namespace.put("a/b/c", "text");
        namespace.delete("a/b/c");
        assertThat(told())
                .containsExactly(
                        "CREATED a/", "CREATED a/b/", "CREATED a/b/c", "REMOVED a/b/c", "REMOVED a/b/", "REMOVED a/");
        assertThat(events().get(2).getSize()).isEqualTo(4);
        assertThat(events().get(2).getEtag()).isEqualTo("text");
        assertThat(events().get(3).getLinks()).isZero();
    }

    @Test
    void linksTruncationAndAttributesAreToldByTheNameTheCommandCameBy() {
        final long file = make("one");
        namespace.apply(Command.newBuilder()
                .setLinkNode(
                        LinkNode.newBuilder().setInode(file).setParent(root).setName(ByteString.copyFromUtf8("two"))));
        namespace.apply(Command.newBuilder()
                .setVia(NodeName.newBuilder().setParent(root).setName(ByteString.copyFromUtf8("two")))
                .setPrincipal("tenant/user")
                .setSetAttributes(SetAttributes.newBuilder()
                        .setInode(file)
                        .setHasSize(true)
                        .setSize(10)));
        namespace.apply(Command.newBuilder()
                .setVia(NodeName.newBuilder().setParent(root).setName(ByteString.copyFromUtf8("not its name")))
                .setSetXattr(SetXattr.newBuilder()
                        .setInode(file)
                        .setName(ByteString.copyFromUtf8("user.x"))
                        .setValue(ByteString.copyFromUtf8("1"))));
        namespace.apply(Command.newBuilder()
                .setUnlinkNode(UnlinkNode.newBuilder().setParent(root).setName(ByteString.copyFromUtf8("one"))));
        assertThat(told()).containsExactly("CREATED one", "LINKED two", "TRUNCATED two", "XATTR ", "REMOVED one");
        final List<FeedEvent> events = events();
        assertThat(events.get(1).getLinks()).isEqualTo(2);
        assertThat(events.get(2).getSize()).isEqualTo(10);
        assertThat(events.get(2).getPrincipal()).isEqualTo("tenant/user");
        assertThat(events.get(2).getSession()).isNotZero();
        assertThat(events.get(3).getXattr().toStringUtf8()).isEqualTo("user.x");
        assertThat(events.get(4).getLinks()).isEqualTo(1);
    }

    @Test
    void aRenameTellsBothPathsThoughTheOldDirectoryGoesWithIt() {
        namespace.put("old/file", "text");
        final long parent = Records.directory(namespace.store, root, "old".getBytes(StandardCharsets.UTF_8))
                .orElseThrow()
                .getInode();
        namespace.apply(Command.newBuilder()
                .setRenameNode(RenameNode.newBuilder()
                        .setFromParent(parent)
                        .setFromName(ByteString.copyFromUtf8("file"))
                        .setToParent(root)
                        .setToName(ByteString.copyFromUtf8("new"))));
        assertThat(told()).containsExactly("CREATED old/", "CREATED old/file", "RENAMED new", "REMOVED old/");
        assertThat(events().get(2).getOldPath().toStringUtf8()).isEqualTo("old/file");
        assertThat(events().get(2).getType()).isEqualTo(EventType.RENAMED);
    }

    @Test
    void aTrimDropsWhatIsOldAndWhatIsTooMany() {
        for (int i = 0; i < 10; i++) {
            namespace.put("k" + i, "x");
        }
        final long third = events().get(2).getTimeNanos();
        assertThat(trim(third, Long.MAX_VALUE)).isFalse();
        assertThat(told()).hasSize(8).first().isEqualTo("CREATED k2");
        assertThat(trim(0, 3)).isFalse();
        assertThat(told()).containsExactly("CREATED k7", "CREATED k8", "CREATED k9");
        assertThat(trim(0, 0)).isFalse();
        assertThat(told()).isEmpty();
        namespace.put("later", "x");
        assertThat(told()).containsExactly("CREATED later");
    }

    @Test
    void oneTrimDropsNoMoreThanItsBoundAndSaysThatThereIsMore() {
        for (int i = 0; i <= FeedCommands.TRIM_EVENTS_MAX; i++) {
            namespace.put("k", "x");
        }
        assertThat(trim(Long.MAX_VALUE, Long.MAX_VALUE)).isTrue();
        assertThat(told()).hasSize(1);
        assertThat(trim(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
        assertThat(told()).isEmpty();
    }

    @Test
    void theEventsOfADroppedVolumeAreLeftToTrimsWhateverTheirAge() {
        namespace.put("k", "x");
        namespace.delete("k");
        namespace.drop();
        assertThat(told()).hasSize(2);
        assertThat(trim(0, Long.MAX_VALUE)).isFalse();
        assertThat(told()).isEmpty();
        assertThat(Records.feed(namespace.store, NamespaceFixture.VOLUME)).isEmpty();
    }
}
