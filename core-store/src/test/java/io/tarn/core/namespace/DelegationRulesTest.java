package io.tarn.core.namespace;

import static io.tarn.core.namespace.DelegationFixture.HOLDER;
import static io.tarn.core.namespace.DelegationFixture.NODE;
import static io.tarn.core.namespace.DelegationFixture.OWNER;
import static io.tarn.core.namespace.DelegationFixture.VISITOR;
import static io.tarn.core.namespace.DelegationFixture.VOLUME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tarn.client.AttributeChange;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.ObjectMeta;
import io.tarn.client.Precondition;
import io.tarn.client.Quota;
import io.tarn.client.RenameMode;
import io.tarn.client.Versioning;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.KeptReply;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.Reply;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who holds a directory is alone with what is in it. */
final class DelegationRulesTest {
    private final DelegationFixture shard = new DelegationFixture(Quota.NONE, Versioning.OFF);
    private final long held = shard.directory(NODE, shard.root, "held");
    private final long inHeld = shard.file(NODE, held, "there");
    private final long beside = shard.directory(NODE, shard.root, "beside");

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(shard.store).run()).isEmpty();
    }

    private void hold() {
        assertThat(shard.acquire(HOLDER, held)).isTrue();
    }

    private void assertVisited(final Command.Builder command) {
        final Reply reply = shard.send(VISITOR, command);
        assertThat(reply.getVisit().getSession()).isEqualTo(HOLDER);
        assertThat(reply.getVisit().getDirectory()).isEqualTo(held);
    }

    private static void assertVisited(final ThrowingCallable query) {
        assertThatThrownBy(query).isInstanceOf(Visited.class);
    }

    private static Command.Builder put(final String key) {
        return NamespaceCommands.putObject(
                VOLUME,
                Key.of(key),
                OWNER,
                NewContent.newBuilder()
                        .setLength(1)
                        .setInlineData(ByteString.copyFromUtf8("x"))
                        .build(),
                "etag",
                ObjectMeta.NONE,
                Precondition.NONE);
    }

    @Test
    void anotherSessionsCommandsComeToNothing() {
        hold();
        assertVisited(DelegationFixture.file(held, "new"));
        assertVisited(NodeProposals.unlink(held, Key.of("there"), ""));
        assertVisited(
                NodeProposals.rename(shard.root, Key.of("beside"), held, Key.of("moved"), RenameMode.REPLACE, ""));
        assertVisited(
                NodeProposals.rename(shard.root, Key.of("held"), shard.root, Key.of("x"), RenameMode.REPLACE, ""));
        assertVisited(NodeProposals.removeDirectory(shard.root, Key.of("held")));
        assertVisited(NodeProposals.setAttributes(inHeld, AttributeChange.NONE.withSize(3), 0));
        assertVisited(NodeProposals.open(inHeld, true));
        assertVisited(NodeProposals.link(inHeld, beside, Key.of("link")));
        assertVisited(put("held/there"));
        assertVisited(put("held/new/deep"));
        assertVisited(
                NamespaceCommands.deleteObject(VOLUME, Key.of("held/there"), Optional.empty(), "", Precondition.NONE));
        assertVisited(NamespaceCommands.setVolumePolicy(VOLUME, Quota.NONE, Versioning.ENABLED));
        assertVisited(NamespaceCommands.dropVolume(VOLUME));
    }

    @Test
    void anotherSessionsReadsComeToNothing() {
        hold();
        final NamespaceQueries visitor = shard.queries(VISITOR);
        assertVisited(() -> visitor.nodes().lookup(held, Key.of("there")));
        assertVisited(() -> visitor.nodes().lookup(held, Key.of("nothing")));
        assertVisited(() -> visitor.nodes().page(held, Key.EMPTY, 10));
        assertVisited(() -> visitor.nodes().node(held));
        assertVisited(() -> visitor.nodes().node(inHeld));
        assertVisited(() -> visitor.nodes().range(inHeld, 0, 1));
        assertVisited(() -> visitor.nodes().xattrs(inHeld));
        assertVisited(() -> visitor.find(VOLUME, Key.of("held/there"), Optional.empty()));
        assertVisited(() -> visitor.list(VOLUME, Key.EMPTY, Key.EMPTY, Key.EMPTY, 10));
        assertThat(shard.queries(HOLDER).nodes().lookup(held, Key.of("there"))).isPresent();
    }

    @Test
    void whatIsNotHeldGoesOn() {
        hold();
        shard.file(VISITOR, beside, "new");
        shard.done(VISITOR, put("beside/deep/down"));
        shard.done(
                VISITOR,
                NodeProposals.rename(shard.root, Key.of("beside"), shard.root, Key.of("b"), RenameMode.REPLACE, ""));
        assertThat(shard.queries(VISITOR)
                        .list(VOLUME, Key.of("b/"), Key.EMPTY, Key.EMPTY, 10)
                        .entries())
                .hasSize(3);
    }

    @Test
    void aDirectoryBelowAHeldOneIsAnybodys() {
        final long below = shard.directory(NODE, held, "below");
        hold();
        shard.file(VISITOR, below, "new");
        shard.directory(VISITOR, below, "deeper");
    }

    @Test
    void aFileOfSeveralNamesIsAnybodys() {
        shard.done(NODE, NodeProposals.link(inHeld, beside, Key.of("link")));
        hold();
        shard.done(VISITOR, NodeProposals.setAttributes(inHeld, AttributeChange.NONE.withMode(0600), 0));
    }

    @Test
    void onceItIsGivenBackItIsAnybodys() {
        hold();
        shard.giveBack(HOLDER, held);
        shard.file(VISITOR, held, "new");
    }

    @Test
    void itIsGivenBackWithTheSession() {
        hold();
        shard.reserve(HOLDER, 10);
        shard.end(HOLDER);
        shard.file(VISITOR, held, "new");
    }

    @Test
    void itGoesWithTheDirectory() {
        final long empty = shard.directory(NODE, shard.root, "empty");
        assertThat(shard.acquire(HOLDER, empty)).isTrue();
        shard.done(HOLDER, NodeProposals.removeDirectory(shard.root, Key.of("empty")));
        assertThat(Delegations.any(shard.store)).isFalse();
    }

    @Test
    void whatIsHeldIsNotTakenByAsking() {
        hold();
        assertThat(shard.acquire(VISITOR, held)).isFalse();
        hold();
    }

    @Test
    void aFileThatIsOpenIsClosedWithoutAsking() {
        shard.done(VISITOR, NodeProposals.open(inHeld, true));
        hold();
        shard.done(VISITOR, NodeProposals.hold(List.of(inHeld)));
        shard.done(
                VISITOR,
                NodeProposals.close(inHeld, Closing.newBuilder().setWriting(1).build()));
    }

    @Test
    void aNewDirectoryIsHeldFromBirthIfItsMakerWishes() {
        final Command.Builder make =
                NodeProposals.make(shard.root, Key.of("new"), NewNode.directory(0755, OWNER), true, false);
        make.getMakeNodeBuilder().setDelegate(true);
        final Reply made = shard.done(HOLDER, make);
        assertThat(made.getNode().getDelegated()).isTrue();
        assertThat(shard.send(VISITOR, DelegationFixture.file(made.getNode().getInode(), "x"))
                        .hasVisit())
                .isTrue();
    }

    @Test
    void anImpliedDirectoryIsNotHeld() {
        shard.done(NODE, put("implied/file"));
        final long implied = shard.queries(NODE)
                .nodes()
                .lookup(shard.root, Key.of("implied"))
                .orElseThrow()
                .inode();
        assertThat(shard.acquire(HOLDER, implied)).isFalse();
    }

    @Test
    void aGrantIsAnEvent() {
        hold();
        assertThat(FeedSteps.last(shard.store, VOLUME).getType().name()).isEqualTo("DELEGATED");
    }

    @Test
    void nothingIsHeldWhereVersionsAreKeptOrTheQuotaIsNearlyUsed() {
        final DelegationFixture versioned = new DelegationFixture(Quota.NONE, Versioning.ENABLED);
        assertThat(versioned.acquire(HOLDER, versioned.root)).isFalse();
        final DelegationFixture small = new DelegationFixture(new Quota(1 << 20, 1 << 20), Versioning.OFF);
        assertThat(small.acquire(HOLDER, small.root)).isFalse();
    }

    private KeptReply keep(final Command.Builder... promises) {
        final List<Command> all =
                List.of(promises).stream().map(Command.Builder::build).toList();
        return shard.done(HOLDER, NodeProposals.keepPromises(HOLDER, all, List.of()))
                .getKept();
    }

    private static Command.Builder make(final long parent, final String name, final long inode, final long nanos) {
        final Command.Builder make = DelegationFixture.file(parent, name).setShownNanos(nanos);
        make.getMakeNodeBuilder().setReservedInode(inode);
        return make;
    }

    @Test
    void promisesAreKeptInOrderWithTheTimesThatWereShown() {
        hold();
        final long inode = shard.reserve(HOLDER, 10);
        final long shown = shard.nowNanos() - 500_000_000;
        assertThat(keep(
                                make(held, "a", inode, shown),
                                NodeProposals.rename(held, Key.of("a"), held, Key.of("b"), RenameMode.REPLACE, "")
                                        .setShownNanos(shown + 1))
                        .getBrokenCount())
                .isZero();
        final Node made =
                shard.queries(HOLDER).nodes().lookup(held, Key.of("b")).orElseThrow();
        assertThat(made.inode()).isEqualTo(inode);
        assertThat(made.times().created()).isEqualTo(shown);
        assertThat(made.times().changed()).isEqualTo(shown + 1);
        assertThat(shard.queries(HOLDER)
                        .nodes()
                        .node(held)
                        .orElseThrow()
                        .times()
                        .modified())
                .isEqualTo(shown + 1);
    }

    @Test
    void noTimeIsAheadOfTheLog() {
        hold();
        final long inode = shard.reserve(HOLDER, 10);
        final long now = shard.nowNanos();
        keep(make(held, "a", inode, now + 1_000_000));
        assertThat(shard.queries(HOLDER)
                        .nodes()
                        .node(inode)
                        .orElseThrow()
                        .times()
                        .created())
                .isEqualTo(now);
    }

    @Test
    void aBrokenPromiseBreaksThoseThatRestOnIt() {
        hold();
        final long inode = shard.reserve(HOLDER, 10);
        final KeptReply kept = keep(
                make(held, "there", inode, 1),
                NodeProposals.setAttributes(inode, AttributeChange.NONE.withMode(0600), 0),
                make(held, "other", inode + 1, 1));
        assertThat(kept.getBrokenList()).extracting(broken -> broken.getPlace()).containsExactly(0, 1);
        assertThat(shard.queries(HOLDER).nodes().lookup(held, Key.of("other"))).isPresent();
    }

    @Test
    void onlyInodesThatAreSetAsideAreMadeAndNoneTwice() {
        hold();
        final long inode = shard.reserve(HOLDER, 10);
        assertThat(keep(make(held, "a", inode + 10, 1)).getBrokenCount()).isEqualTo(1);
        assertThat(keep(make(held, "a", inode + 1, 1)).getBrokenCount()).isZero();
        assertThat(keep(make(held, "b", inode + 1, 1)).getBrokenCount()).isEqualTo(1);
        assertThat(keep(make(held, "b", inode, 1)).getBrokenCount()).isEqualTo(1);
        assertThat(shard.send(VISITOR, make(beside, "a", inode + 2, 1)).getFailure())
                .isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void promisesOfAnotherSessionAreNotKept() {
        assertThat(shard.send(VISITOR, NodeProposals.keepPromises(HOLDER, List.of(), List.of()))
                        .getFailure())
                .isEqualTo("STALE_SESSION");
    }
}
