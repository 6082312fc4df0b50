package io.tarn.core.remote;

import static io.tarn.core.remote.ServedNode.ANN;
import static io.tarn.core.remote.ServedNode.BOB;
import static io.tarn.core.remote.ServedNode.OWNER;
import static io.tarn.core.remote.ServedNode.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.tarn.client.Caller;
import io.tarn.client.CommandTrail;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.Locks;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.client.RenameMode;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.Block;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.protocol.Methods;
import io.tarn.core.protocol.TokenHeader;
import io.tarn.core.protocol.Transport;
import io.tarn.core.protocol.wire.AskRequest;
import io.tarn.core.protocol.wire.CloseRequest;
import io.tarn.core.protocol.wire.FindNode;
import io.tarn.core.protocol.wire.LocateRequest;
import io.tarn.core.protocol.wire.ProposeRequest;
import io.tarn.core.protocol.wire.ReadRequest;
import io.tarn.core.service.ServiceLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client in another process may do, may not do, and lives through. */
final class RemoteClientTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path data;

    private ServedNode node;

    @BeforeEach
    void start() {
        node = new ServedNode(data);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private static void refuses(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                .isEqualTo(failure));
    }

    private static long root(final RemoteClient client, final long volume) {
        return client.inodes().root(volume).inode();
    }

    private static OpenFile create(final RemoteClient client, final long root, final String name) {
        return client.inodes().create(root, Key.of(name), NewNode.file(0644, OWNER), true);
    }

    private static ByteBuffer bytes(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static byte[] read(final OpenFile file, final int length) {
        final ByteBuffer target = ByteBuffer.allocate(length);
        assertThat(file.read(0, target)).isEqualTo(length);
        return target.array();
    }

    @Test
    void aWrongSecretOrAnUnknownKeyOpensNothing() {
        refuses(Failure.PERMISSION_DENIED, () -> node.connect(new KeyPair(ANN.accessKey(), "anothersecret")));
        refuses(Failure.PERMISSION_DENIED, () -> node.connect(new KeyPair("NOSUCHKEY", ANN.secret())));
        assertThat(node.service.connected()).isZero();
        try (RemoteClient ann = node.connect(ANN)) {
            assertThat(ann.principal().qualifiedName()).isEqualTo("ann/ann");
            assertThat(ann.administration().volume("anns-volume")).isPresent();
            assertThat(ann.administration().volume("nobodys")).isEmpty();
            refuses(Failure.UNSUPPORTED, () -> ann.administration().tenants());
        }
        assertThat(node.service.connected()).isZero();
    }

    @Test
    void anotherTenantsVolumesInodesAndExtentsAreRefused() {
        try (RemoteClient ann = node.connect(ANN);
                RemoteClient bob = node.connect(BOB);
                RemoteClient root = node.connect(ROOT)) {
            final long anns = root(ann, node.annsVolume);
            final long inode;
            try (OpenFile file = create(ann, anns, "file")) {
                inode = file.inode();
                file.write(0, bytes(100_000));
            }
            final var slice = node.node
                    .names()
                    .queryAt(inode, q -> q.nodes().range(inode, 0, 1).slices().getFirst());
            final Key name = Key.of("file");
            refuses(Failure.PERMISSION_DENIED, () -> bob.administration().volume("anns-volume"));
            refuses(Failure.PERMISSION_DENIED, () -> bob.inodes().root(node.annsVolume));
            refuses(Failure.PERMISSION_DENIED, () -> bob.inodes().lookup(anns, name));
            refuses(Failure.PERMISSION_DENIED, () -> bob.inodes().find(inode));
            refuses(Failure.PERMISSION_DENIED, () -> bob.inodes().open(inode));
            refuses(Failure.PERMISSION_DENIED, () -> bob.inodes().openForReading(inode));
            refuses(Failure.PERMISSION_DENIED, () -> bob.inodes()
                    .from(new Caller("bob/bob", Optional.of(new Inodes.Entry(anns, name))))
                    .make(root(bob, node.bobsVolume), Key.of("astray"), NewNode.file(0644, OWNER), true));
            refuses(Failure.PERMISSION_DENIED, () -> bob.inodes().unlink(anns, name, "bob/bob"));
            refuses(Failure.PERMISSION_DENIED, () -> bob.inodes()
                    .link(inode, root(bob, node.bobsVolume), Key.of("mine")));
            refuses(Failure.PERMISSION_DENIED, () -> bob.objects().stat(node.annsVolume, name, Optional.empty()));
            refuses(Failure.PERMISSION_DENIED, () -> bob.changes().end(node.annsVolume));
            refuses(Failure.PERMISSION_DENIED, () -> bob.locks()
                    .tryLock(new Locks.Lock(inode, 1, new Locks.Whole(), true, 1)));
            final Block block = new Block(
                    new ExtentId(slice.getExtent()),
                    slice.getBlockOffset(),
                    slice.getBlockLength(),
                    slice.getBlockChecksum());
            try (Wire wire = wire()) {
                final ReadRequest request = ReadRequest.newBuilder()
                        .setExtent(block.extent().value())
                        .setBlockOffset(block.offset())
                        .setBlockLength(block.length())
                        .setBlockChecksum(block.checksum())
                        .setLength(10)
                        .build();
                refuses(
                        Failure.PERMISSION_DENIED,
                        () -> wire.attempt(Methods.READ, request, TokenHeader.of(bob.token())));
                wire.attempt(Methods.READ, request, TokenHeader.of(ann.token())).close();
            }
            assertThat(root.inodes().lookup(anns, name)).isPresent();
            assertThat(bob.inodes().find(1L << 48 | 999_999)).isEmpty();
        }
    }

    private Wire wire() {
        return new Wire(Transport.address(node.endpoint()), RemoteOptions.DEFAULT);
    }

    @Test
    void whatNoClientMaySayIsRefusedAndWhatCannotBeSaidToo() {
        try (RemoteClient ann = node.connect(ANN);
                Wire wire = wire()) {
            final Metadata none = new Metadata();
            refuses(Failure.PERMISSION_DENIED, () -> wire.attempt(Methods.ASK, AskRequest.getDefaultInstance(), none));
            refuses(
                    Failure.PERMISSION_DENIED,
                    () -> wire.attempt(Methods.ASK, AskRequest.getDefaultInstance(), TokenHeader.of("x".repeat(100))));
            refuses(
                    Failure.UNSUPPORTED,
                    () -> wire.attempt(Methods.ASK, AskRequest.getDefaultInstance(), TokenHeader.of(ann.token())));
            refuses(
                    Failure.NOT_FOUND,
                    () -> wire.attempt(
                            Methods.ASK,
                            AskRequest.newBuilder()
                                    .setInode(-1)
                                    .setNode(FindNode.getDefaultInstance())
                                    .build(),
                            TokenHeader.of(ann.token())));
            refuses(Failure.INVALID_ARGUMENT, () -> propose(wire, ann, ByteString.copyFromUtf8("no command")));
            final Command.Builder keepers = Command.newBuilder()
                    .setSession(ann.session())
                    .setSequence(1_000)
                    .setEndSessions(EndSessions.newBuilder().setOthersThan(ann.session()));
            refuses(
                    Failure.PERMISSION_DENIED,
                    () -> propose(wire, ann, keepers.build().toByteString()));
            refuses(
                    Failure.STALE_SESSION,
                    () -> propose(
                            wire,
                            ann,
                            keepers.setSession(ann.session() + 1).build().toByteString()));
            final Command.Builder future = NodeProposals.open(1L << 48 | 999_999, /* writing= */ true)
                    .setSession(ann.session())
                    .setSequence(1_001);
            refuses(Failure.NOT_FOUND, () -> propose(wire, ann, future.build().toByteString()));
            final Command.Builder held = NodeProposals.hold(List.of(root(ann, node.annsVolume), 1L << 48 | 999_999))
                    .setSession(ann.session())
                    .setSequence(1_002);
            propose(wire, ann, held.build().toByteString());
            final Command.Builder others = NodeProposals.hold(List.of(anothers()))
                    .setSession(ann.session())
                    .setSequence(1_003);
            refuses(
                    Failure.PERMISSION_DENIED,
                    () -> propose(wire, ann, others.build().toByteString()));
        }
    }

    private long anothers() {
        try (RemoteClient bob = node.connect(BOB)) {
            return root(bob, node.bobsVolume);
        }
    }

    @Test
    void whatIsReadOutlivesItsNameAndTheNode() {
        try (RemoteClient ann = node.connect(ANN);
                RemoteClient other = node.connect(ANN)) {
            final long root = root(ann, node.annsVolume);
            final long inode;
            try (OpenFile file = create(other, root, "read")) {
                inode = file.inode();
                file.write(0, bytes(100_000));
            }
            try (OpenFile reader = ann.inodes().openForReading(inode)) {
                other.inodes().unlink(root, Key.of("read"), "ann/ann");
                node.restart();
                assertThat(other.inodes().find(inode)).isEmpty();
                node.node.keeper().runOnce();
                assertThat(read(reader, 100_000)).isEqualTo(bytes(100_000).array());
            }
        }
    }

    @Test
    void whoeverTakesASessionOverFindsWhatItsReadersHadOpen() {
        final RemoteClient first = node.connect(ANN);
        final long root = root(first, node.annsVolume);
        final Node made = first.inodes().make(root, Key.of("read"), NewNode.file(0644, OWNER), true);
        final OpenFile reader = first.inodes().openForReading(made.inode());
        assertThat(first.pinnedFiles()).isOne();
        first.leave();
        assertThat(reader.inode()).isEqualTo(made.inode());
        try (RemoteClient second = takeOver(first.token(), token -> {})) {
            second.inodes().unlink(root, Key.of("read"), "ann/ann");
            try (OpenFile again = second.inodes().openForReading(made.inode())) {
                assertThat(again.node().links()).isZero();
            }
        }
    }

    private static void propose(final Wire wire, final RemoteClient client, final ByteString command) {
        wire.attempt(
                Methods.PROPOSE,
                ProposeRequest.newBuilder().setShard(1).setCommand(command).build(),
                TokenHeader.of(client.token()));
    }

    @Test
    void aClientGoesOnWhenItsNodeIsRestarted() throws Exception {
        try (RemoteClient ann = node.connect(ANN);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final long root = root(ann, node.annsVolume);
            final long session = ann.session();
            final int pieces = 40;
            final int length = 256 << 10;
            final ByteBuffer piece = bytes(length);
            try (OpenFile file = create(ann, root, "file")) {
                ann.inodes().unlink(root, Key.of("file"), "ann/ann");
                ann.locks().tryLock(new Locks.Lock(file.inode(), 1, new Locks.Whole(), true, 1));
                final Future<?> writing = threads.submit(() -> {
                    for (int i = 0; i < pieces; i++) {
                        file.write((long) i * length, piece.duplicate());
                        file.sync();
                    }
                });
                node.restart();
                writing.get();
                assertThat(ann.session()).isEqualTo(session);
                assertThat(file.node().size()).isEqualTo((long) pieces * length);
                assertThat(read(file, length)).isEqualTo(piece.array());
                assertThat(ann.locks().conflict(new Locks.Lock(file.inode(), 2, new Locks.Whole(), true, 2)))
                        .isPresent();
            }
            assertThat(node.node.fsck().run(false).findings()).isEmpty();
        }
    }

    @Test
    void aLockGrantedWhileTheNodeIsAwayIsHeardOf() throws Exception {
        final RemoteClient other = node.connect(ROOT);
        try (RemoteClient ann = node.connect(ANN);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            final Node file =
                    ann.inodes().make(root(ann, node.annsVolume), Key.of("f"), NewNode.file(0644, OWNER), true);
            final Locks.Lock lock = new Locks.Lock(file.inode(), 1, new Locks.Whole(), true, 1);
            other.locks().tryLock(lock);
            final Future<Locks.Result> waiting =
                    threads.submit(() -> ann.locks().lock(lock, LONG));
            node.restart();
            other.close();
            assertThat(waiting.get()).isInstanceOf(Locks.Granted.class);
        }
    }

    @Test
    void nothingHappensTwiceOrIsLostHoweverOftenTheConnectionIsCut() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(node.port(), 7, 40_000);
                RemoteClient ann =
                        RemoteClient.connect(proxy.endpoint(), ANN, RemoteOptions.DEFAULT.withLocalReads(false))) {
            final long root = root(ann, node.annsVolume);
            final StringBuilder expected = new StringBuilder();
            try (OpenFile log = create(ann, root, "log")) {
                for (int i = 0; i < 60; i++) {
                    final String line = "line %04d%n".formatted(i);
                    assertThat(log.append(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8))))
                            .isEqualTo(expected.length());
                    expected.append(line);
                    final Key name = Key.of("n" + i);
                    try (OpenFile file = ann.inodes().create(root, name, NewNode.file(0644, OWNER), true)) {
                        file.write(0, bytes(5_000 + i));
                        file.sync();
                        assertThat(read(file, 5_000 + i))
                                .isEqualTo(bytes(5_000 + i).array());
                    }
                    ann.inodes().rename(root, name, root, Key.of("m" + i), RenameMode.NO_REPLACE, "");
                    ann.inodes().unlink(root, Key.of("m" + i), "ann/ann");
                    assertThat(ann.changes().read(node.annsVolume, 0, 10)).isNotNull();
                }
                assertThat(new String(read(log, expected.length()), StandardCharsets.UTF_8))
                        .isEqualTo(expected.toString());
            }
            assertThat(ann.inodes().statistics(node.annsVolume).usage().inodes())
                    .isEqualTo(1);
            assertThat(proxy.cuts()).isGreaterThan(5);
            proxy.spare();
        }
        assertThat(node.node.fsck().run(false).findings()).isEmpty();
    }

    @Test
    void anotherProcessTakesASessionOverAndTheFirstIsRefused() {
        final RemoteClient first = node.connect(ANN);
        final long root = root(first, node.annsVolume);
        final OpenFile held = create(first, root, "held");
        held.write(0, bytes(10));
        held.sync();
        first.inodes().unlink(root, Key.of("held"), "ann/ann");
        try (RemoteClient second = takeOver(first.token(), token -> {})) {
            assertThat(second.session()).isEqualTo(first.session());
            assertThat(second.inodes().find(held.inode())).isPresent();
            refuses(Failure.STALE_SESSION, () -> first.inodes().find(held.inode()));
            refuses(Failure.STALE_SESSION, () -> first.inodes()
                    .make(root, Key.of("x"), NewNode.file(0644, OWNER), true));
            try (OpenFile again = second.inodes().open(held.inode())) {
                assertThat(read(again, 10)).isEqualTo(bytes(10).array());
            }
            second.inodes().make(root, Key.of("y"), NewNode.file(0644, OWNER), true);
            node.restart();
            assertThat(second.inodes().find(held.inode())).isPresent();
            refuses(Failure.STALE_SESSION, () -> first.inodes().find(held.inode()));
        }
        first.leave();
    }

    private RemoteClient takeOver(final String token, final Consumer<String> handOn) {
        return RemoteClient.takeOver(node.endpoint(), token, Optional.of(ANN), RemoteOptions.DEFAULT, handOn);
    }

    @Test
    void newerTokensAreHandedOn() throws Exception {
        final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
        final RemoteOptions brief = RemoteOptions.DEFAULT.withSessionTtl(Duration.ofSeconds(1));
        try (RemoteClient client = RemoteClient.connect(node.endpoint(), ANN, brief, tokens::add)) {
            final String first = tokens.take();
            final String later = tokens.poll(60, TimeUnit.SECONDS);
            assertThat(later).isNotNull().isNotEqualTo(first);
            try (RemoteClient second = takeOver(later, token -> {})) {
                assertThat(second.session()).isEqualTo(client.session());
            }
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whoDiesBeforeHeCouldHandHisTokenOnLosesNobodyTheSession() throws Exception {
        final RemoteClient first = node.connect(ANN);
        final long root = root(first, node.annsVolume);
        final OpenFile held = create(first, root, "held");
        held.write(0, bytes(10));
        held.sync();
        first.inodes().unlink(root, Key.of("held"), "ann/ann");
        final String kept = first.token();
        final List<String> lost = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            assertThatThrownBy(() -> takeOver(kept, token -> {
                        lost.add(token);
                        throw new Killed();
                    }))
                    .isInstanceOf(Killed.class);
            refuses(Failure.STALE_SESSION, () -> first.inodes().find(held.inode()));
            if (round == 1) {
                node.restart();
            }
        }
        final List<String> handedOn = new ArrayList<>();
        try (RemoteClient second = takeOver(kept, handedOn::add)) {
            assertThat(second.session()).isEqualTo(first.session());
            try (OpenFile again = second.inodes().open(held.inode())) {
                assertThat(read(again, 10)).isEqualTo(bytes(10).array());
            }
            // Somebody works under the last token: all before it are void, also after a restart and for those that were
            // lost.
            refuses(Failure.STALE_SESSION, () -> takeOver(kept, token -> {}));
            lost.forEach(token -> refuses(Failure.STALE_SESSION, () -> takeOver(token, another -> {})));
            node.restart();
            refuses(Failure.STALE_SESSION, () -> takeOver(kept, token -> {}));
            assertThat(second.inodes().find(held.inode())).isPresent();
            refuses(Failure.STALE_SESSION, () -> first.inodes().find(held.inode()));
            try (RemoteClient third = takeOver(handedOn.getLast(), handedOn::add)) {
                assertThat(third.inodes().find(held.inode())).isPresent();
                refuses(Failure.STALE_SESSION, () -> second.inodes().find(held.inode()));
            }
        }
        first.leave();
        assertThat(node.node.fsck().run(false).findings()).isEmpty();
    }

    private record Sent(int shard, long sequence) {}

    @Test
    void whatCameOfCommandsWithoutReplyIsFoundOutByWhoeverComesAfter() {
        final RemoteClient first = node.connect(ANN);
        final long root = root(first, node.annsVolume);
        final List<Sent> sent = new ArrayList<>();
        final List<CommandTrail.Outcome> done = new ArrayList<>();
        final CommandTrail trail = new CommandTrail() {
            @Override
            public void sending(final int shard, final long sequence) {
                sent.add(new Sent(shard, sequence));
            }

            @Override
            public void done(final Outcome outcome) {
                done.add(outcome);
            }
        };
        final Key name = Key.of("made");
        final Node made =
                CommandTrail.under(trail, () -> first.inodes().make(root, name, NewNode.file(0644, OWNER), true));
        refuses(
                Failure.ALREADY_EXISTS,
                () -> CommandTrail.under(
                        trail, () -> first.inodes().make(root, name, NewNode.file(0644, OWNER), true)));
        assertThat(sent).hasSize(2);
        assertThat(done).containsExactly(new CommandTrail.Outcome(made.inode(), 0));
        try (RemoteClient second = takeOver(first.token(), token -> {})) {
            final CommandTrail.Outcomes outcomes = second.outcomes();
            // the reply of the first was received and forgotten with the second's number, that is why it is noted
            // before
            assertThat(outcomes.of(sent.getLast().shard(), sent.getLast().sequence()))
                    .isEmpty();
            assertThat(outcomes.of(sent.getLast().shard(), sent.getLast().sequence() + 1))
                    .isEmpty();
        }
        first.leave();
        final RemoteClient third = node.connect(ANN);
        sent.clear();
        final OpenFile log = create(third, root, "log");
        log.append(bytes(10));
        CommandTrail.under(trail, () -> log.append(bytes(20)));
        try (RemoteClient fourth = takeOver(third.token(), token -> {})) {
            assertThat(fourth.outcomes()
                            .of(sent.getLast().shard(), sent.getLast().sequence()))
                    .contains(new CommandTrail.Outcome(log.inode(), 10));
            // The one it has open already, though another process has opened it, is opened once.
            final Inodes.Reopened again = fourth.inodes().reopen(log.inode()).orElseThrow();
            assertThat(again.writing()).isTrue();
            fourth.inodes().unlink(root, Key.of("log"), "ann/ann");
            assertThat(read(again.file(), 30)).hasSize(30);
            again.file().close();
            assertThat(fourth.inodes().find(log.inode())).isEmpty();
            assertThat(fourth.inodes().reopen(log.inode())).isEmpty();
        }
        third.leave();
        assertThat(node.node.fsck().run(false).findings()).isEmpty();
    }

    @Test
    void ofTwoSuccessorsTheLaterHasTheSessionAndTheEarlierIsRefusedAtItsFirstCall() {
        final RemoteClient first = node.connect(ANN);
        final long root = root(first, node.annsVolume);
        final String kept = first.token();
        refuses(
                Failure.STALE_SESSION,
                () -> takeOver(kept, slow -> {
                    try (RemoteClient fast = takeOver(kept, token -> {})) {
                        fast.inodes().make(root, Key.of("fast"), NewNode.file(0644, OWNER), true);
                        // what the slow one does with its token when it wakes up
                        try (Wire wire = wire()) {
                            wire.attempt(Methods.LOCATE, LocateRequest.getDefaultInstance(), TokenHeader.of(slow));
                        }
                    }
                }));
        first.leave();
    }

    @Test
    void whoWasAwayForTooLongIsToldOnceAndGoesOnInAnotherSession() {
        try (RemoteClient ann = node.connect(ANN)) {
            final long root = root(ann, node.annsVolume);
            final long session = ann.session();
            final OpenFile held = create(ann, root, "held");
            held.write(0, bytes(10));
            held.sync();
            // what the control group and the keepers do when the time is over
            try (Wire wire = wire()) {
                wire.attempt(Methods.CLOSE, CloseRequest.getDefaultInstance(), TokenHeader.of(ann.token()));
            }
            held.write(0, bytes(5));
            refuses(Failure.STALE_SESSION, held::sync);
            assertThat(ann.inodes().lookup(root, Key.of("held"))).isPresent();
            ann.inodes().make(root, Key.of("next"), NewNode.file(0644, OWNER), true);
            assertThat(ann.session()).isNotEqualTo(session);
        }
    }

    @Test
    void whoAsksForTooMuchAtOnceWaitsAndHurtsNobody() throws Exception {
        node.close();
        final ServiceLimits small = new ServiceLimits(1, 2, 100, 1 << 20, 4, 8 << 20, Duration.ofSeconds(5));
        node = new ServedNode(data.resolve("small"), small, 1);
        try (RemoteClient ann = node.connect(ANN);
                RemoteClient bob = node.connect(BOB);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            refuses(
                    Failure.UNAVAILABLE,
                    () -> RemoteClient.connect(
                            node.endpoint(), ANN, RemoteOptions.DEFAULT.withPatience(Duration.ofMillis(50))));
            final long root = root(ann, node.annsVolume);
            final List<Future<Node>> made = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                final Key name = Key.of("f" + i);
                made.add(threads.submit(() -> ann.inodes().make(root, name, NewNode.file(0644, OWNER), true)));
            }
            assertThat(root(bob, node.bobsVolume)).isPositive();
            for (final Future<Node> one : made) {
                one.get();
            }
            assertThat(ann.inodes().readDirectory(root, Key.EMPTY, 1_000).entries())
                    .hasSize(60);
        }
    }
}
