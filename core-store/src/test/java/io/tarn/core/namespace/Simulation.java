package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tarn.client.Precondition;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.kv.Cursor;
import io.tarn.core.kv.KeyValueStore;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EventType;
import io.tarn.core.namespace.wire.FeedEvent;
import io.tarn.core.namespace.wire.FileType;
import io.tarn.core.namespace.wire.Inode;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.namespace.wire.VersionEntry;
import io.tarn.core.shard.LogEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A log of random commands, applied by the state machine and judged by the model. A seed gives the same log every time. */
final class Simulation {
    private static final Set<EventType> COMING_AND_GOING = EnumSet.of(EventType.CREATED, EventType.REMOVED);
    private static final int COMMANDS_IN_ENTRY_MAX = 8;
    private static final int WRITERS = 3;
    private static final int REMEMBERED = 40;
    private static final int EMPTYING_ONE_IN = 600;
    private static final int ENDING_ONE_IN = 300;
    static final long KEEPER = 100;
    private static final int GENERATION_ORDINAL_BITS = 20;

    private final Random random;
    private final NamespaceState state = new NamespaceState(7);
    private final KeyValueStore store;
    final Model model = new Model();
    private final RandomContents contents;
    private final RandomCommands commands;
    private final RandomNodes nodes;
    private final List<Command> sent = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();
    private final List<LogEntry> log = new ArrayList<>();
    private final boolean logKept;
    private long nextSession = KEEPER;
    private long index = 1;
    private long now = 1_700_000_000_000_000_000L;
    private long operations;
    /** Commands that did what they say, by what they say. */
    final Map<Command.BodyCase, Integer> successes = new EnumMap<>(Command.BodyCase.class);

    /** A client: its session and the number of its next command. */
    private static final class Writer {
        final long session;
        long sequence = 1;

        Writer(final long session) {
            this.session = session;
        }
    }

    Simulation(final long seed, final KeyValueStore store, final boolean logKept) {
        this.random = new Random(seed);
        this.store = store;
        this.logKept = logKept;
        this.contents = new RandomContents(random, model, store);
        this.commands = new RandomCommands(random, model, contents);
        this.nodes = new RandomNodes(random, model, contents);
        for (int i = 0; i <= WRITERS; i++) {
            writers.add(new Writer(nextSession));
            apply(List.of(open(nextSession++)));
        }
        for (long volume = 1; volume <= RandomCommands.VOLUMES; volume++) {
            apply(List.of(by(
                    writers.getFirst(),
                    NamespaceCommands.createRoot(
                            volume, RandomCommands.tenantOf(volume), 1, 1, Quota.NONE, Versioning.OFF))));
        }
    }

    long operations() {
        return operations;
    }

    List<LogEntry> log() {
        return log;
    }

    void step() {
        if (commands.oneIn(EMPTYING_ONE_IN)) {
            emptyVolume(1 + random.nextInt(RandomCommands.VOLUMES));
            return;
        }
        final List<Command> entry = new ArrayList<>();
        final int count = 1 + random.nextInt(COMMANDS_IN_ENTRY_MAX);
        for (int i = 0; i < count; i++) {
            entry.add(next());
        }
        apply(entry);
    }

    private Command next() {
        if (!sent.isEmpty() && commands.oneIn(25)) {
            return sent.get(random.nextInt(sent.size()));
        }
        final int at = random.nextInt(writers.size());
        final Writer writer = writers.get(at);
        if (commands.oneIn(ENDING_ONE_IN)) {
            return endSession();
        }
        final Command.Builder command =
                switch (random.nextInt(10)) {
                    case 0, 1 -> contents.keeping(writer.session, 1 + random.nextInt(RandomCommands.VOLUMES));
                    case 2, 3, 4 -> commands.next(writer.session, now);
                    default -> nodes.next(writer.session);
                };
        final Command ready = by(writer, command);
        remember(ready);
        return ready;
    }

    private void remember(final Command command) {
        if (sent.size() == REMEMBERED) {
            sent.set(random.nextInt(REMEMBERED), command);
        } else {
            sent.add(command);
        }
    }

    /** Ends a writer's session, by its own command or the keeper's; its successor opens another in the next entry. */
    private Command endSession() {
        final int at = 1 + random.nextInt(WRITERS);
        final Writer ended = writers.get(at);
        final Writer by = commands.oneIn(2) ? ended : writers.getFirst();
        final Command.Builder command = Command.newBuilder();
        if (commands.oneIn(8)) {
            command.getEndSessionsBuilder().setOthersThan(KEEPER);
        } else {
            command.getEndSessionsBuilder().addSessions(ended.session).addSessions(1);
        }
        final Command ready = by(by, command);
        for (int i = 1; i <= WRITERS; i++) {
            if (i == at || command.getEndSessions().getOthersThan() != 0) {
                writers.set(i, new Writer(nextSession));
                // Sometimes too late, so that commands of a session that is not open yet are met.
                pendingOpens.add(open(nextSession++));
            }
        }
        return ready;
    }

    private final List<Command> pendingOpens = new ArrayList<>();

    private static Command open(final long session) {
        final Command.Builder command = Command.newBuilder().setSession(session);
        command.getOpenSessionBuilder();
        return command.build();
    }

    private Command by(final Writer writer, final Command.Builder command) {
        command.setSession(writer.session).setSequence(writer.sequence++);
        if (random.nextInt(4) == 0) {
            command.setAcknowledgedBelow(Math.max(0, command.getSequence() - random.nextInt(8)));
        } else if (random.nextInt(2_000) == 0) {
            command.setAcknowledgedBelow(Long.MAX_VALUE - random.nextInt(9));
        }
        return command.build();
    }

    /** Everybody lets go of the volume's files: those without a name keep it from being dropped. */
    private void letGo(final Writer keeper, final ModelVolume volume) {
        final List<Command> entry = new ArrayList<>();
        volume.inodes.values().forEach(file -> {
            if (file.opens.containsKey(KEEPER)) {
                final Command.Builder close = Command.newBuilder();
                close.getCloseNodeBuilder()
                        .setInode(file.inode)
                        .getClosingBuilder()
                        .setReading(Long.MAX_VALUE)
                        .setWriting(-1);
                entry.add(by(keeper, close));
            }
        });
        final Command.Builder end = Command.newBuilder();
        end.getEndSessionsBuilder().setOthersThan(KEEPER);
        entry.add(by(keeper, end));
        apply(entry);
        for (int i = 1; i <= WRITERS; i++) {
            writers.set(i, new Writer(nextSession));
            pendingOpens.add(open(nextSession++));
        }
    }

    private void emptyVolume(final long id) {
        final Writer keeper = writers.getFirst();
        if (model.volumes.containsKey(id)) {
            final ModelVolume volume = model.volumes.get(id);
            letGo(keeper, volume);
            final List<Command> entry = new ArrayList<>();
            volume.keys.forEach((key, versions) -> versions.forEach(version -> entry.add(by(
                    keeper,
                    NamespaceCommands.deleteObject(id, key, Optional.of(version.version()), "", Precondition.NONE)))));
            volume.uploads.forEach((upload, record) -> {
                final Command.Builder abort = Command.newBuilder();
                abort.getAbortUploadBuilder()
                        .setVolume(id)
                        .setKey(ByteString.copyFrom(record.key.toByteArray()))
                        .setUpload(upload);
                entry.add(by(keeper, abort));
            });
            // The deepest first: a directory is forgotten when nothing is in it.
            volume.directories
                    .descendingKeySet()
                    .forEach(key -> entry.add(by(
                            keeper,
                            NamespaceCommands.deleteObject(id, key, Optional.of("null"), "", Precondition.NONE))));
            entry.add(by(keeper, NamespaceCommands.dropVolume(id)));
            apply(entry);
        }
        apply(List.of(by(
                keeper,
                NamespaceCommands.createRoot(id, RandomCommands.tenantOf(id), 1, 1, Quota.NONE, Versioning.OFF))));
    }

    private void apply(final List<Command> wanted) {
        final List<Command> all = new ArrayList<>();
        for (final Command command : wanted) {
            all.add(command);
            // the model gives dropped content up at once
            if (!writers.isEmpty() && mayDoom(command)) {
                final Writer keeper = writers.getFirst();
                all.add(ExtentProposals.reap(Long.MAX_VALUE)
                        .setSession(keeper.session)
                        .setSequence(keeper.sequence++)
                        .build());
            }
        }
        all.addAll(pendingOpens);
        pendingOpens.clear();
        now += random.nextInt(1_000_000_000);
        final LogEntry entry = new LogEntry(
                index++, now, all.stream().map(Command::toByteArray).toList());
        if (logKept) {
            log.add(entry);
        }
        final List<byte[]> replies = new ArrayList<>();
        store.write(changes -> replies.addAll(state.apply(entry, store, changes)));
        for (int at = 0; at < all.size(); at++) {
            final Reply reply = Records.parse(Reply.parser(), replies.get(at));
            if (reply.getFailure().isEmpty() && (!all.get(at).hasMoveBlocks() || isMoved(reply))) {
                successes.merge(all.get(at).getBodyCase(), 1, Integer::sum);
            }
            try {
                model.judge(now, all.get(at), replies.get(at));
            } catch (final AssertionError difference) {
                throw new AssertionError(
                        "entry %d, command %d: %s".formatted(entry.index(), at, all.get(at)), difference);
            }
        }
        operations += wanted.size();
        learn();
        compareFeed(entry.index());
    }

    private static boolean mayDoom(final Command command) {
        return switch (command.getBodyCase()) {
            case PUT_OBJECT, DELETE_OBJECT, PUT_PART, COMPLETE_UPLOAD, ABORT_UPLOAD -> true;
            case MAKE_NODE, UNLINK_NODE, REMOVE_DIRECTORY, RENAME_NODE, CLOSE_NODE, CONCATENATE -> true;
            case SET_ATTRIBUTES, WRITE_CONTENT, END_SESSIONS, KEEP_PROMISES -> true;
            default -> false;
        };
    }

    private static boolean isMoved(final Reply reply) {
        return reply.getMoved().getMovedList().contains(true);
    }

    /** What replies do not tell is read once: when delete markers were made, and what became of files beside the one asked about. */
    private void learn() {
        model.volumes.values().forEach(volume -> {
            volume.keys.forEach((key, versions) -> {
                final ModelPath path = ModelPath.of(volume, key);
                learnMarkers(path.parent(), path.name(), versions);
            });
            volume.inodes.values().forEach(file -> Records.inode(store, file.inode)
                    .ifPresent(inode -> learnFile(file, inode)));
        });
    }

    private static void learnFile(final ModelVersion file, final Inode inode) {
        if (file.order == ModelVersion.UNKNOWN) {
            assertThat(inode.getNullVersion()).isEqualTo(file.nullVersion);
            file.order = inode.getVersionOrder();
        }
        if (file.generation == ModelVersion.UNKNOWN) {
            file.generation = inode.getGeneration();
        }
    }

    private void learnMarkers(final long parent, final byte[] name, final List<ModelVersion> versions) {
        if (versions.stream().noneMatch(version -> version.isMarker() && version.order == 0)) {
            return;
        }
        final List<VersionEntry> rows = new ArrayList<>();
        FamilyRows.forEach(
                store,
                Families.VERSION,
                Keys.versionPrefix(parent, name),
                (key, value) -> rows.add(Records.versionEntry(value)));
        final int current = versions.getFirst().isMarker() ? 0 : 1;
        assertThat(rows).hasSize(versions.size() - current);
        for (int at = current; at < versions.size(); at++) {
            final ModelVersion version = versions.get(at);
            assertThat(rows.get(at - current).getInode()).isEqualTo(version.inode);
            if (version.isMarker() && version.order == 0) {
                version.order = rows.get(at - current).getOrder();
                version.generation = version.order;
            }
        }
    }

    /** The feed holds what the entry's commands did, in their order. */
    private void compareFeed(final long entry) {
        final List<Model.Event> found = new ArrayList<>();
        for (long volume = 1; volume <= RandomCommands.VOLUMES + 1; volume++) {
            final byte[] from = Keys.of(volume, entry << GENERATION_ORDINAL_BITS);
            try (Cursor cursor = store.scan(Families.FEED, from, Keys.of(volume + 1))) {
                for (; cursor.valid(); cursor.next()) {
                    event(volume, Records.parse(FeedEvent.parser(), cursor.value()))
                            .ifPresent(found::add);
                }
            }
        }
        found.removeIf(event -> model.trimmed.contains(event.volume()));
        model.events.removeIf(event -> model.trimmed.contains(event.volume()));
        model.trimmed.clear();
        // The feed is in order within a volume.
        final List<Model.Event> expected = new ArrayList<>(model.events);
        expected.sort(Comparator.comparingLong(Model.Event::volume));
        assertThat(found).as("feed of entry %d", entry).isEqualTo(expected);
        model.events.clear();
    }

    /** The model does not know of implied directories coming and going; {@link FeedRulesTest} does. */
    private Optional<Model.Event> event(final long volume, final FeedEvent event) {
        assertThat(event.getTimeNanos()).isEqualTo(now);
        final boolean directory = event.getFileType() == FileType.DIRECTORY;
        if (directory && COMING_AND_GOING.contains(event.getType())) {
            return Optional.empty();
        }
        final boolean named = !directory || event.getType() == EventType.RENAMED;
        return Optional.of(new Model.Event(
                volume,
                event.getType(),
                named ? event.getParent() : 0,
                named ? event.getName() : ByteString.EMPTY,
                event.getInode(),
                event.getSize(),
                event.getOldParent(),
                event.getOldName()));
    }
}
