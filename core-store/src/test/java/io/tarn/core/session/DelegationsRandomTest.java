package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.AttributeChange;
import io.tarn.client.DirectoryPage;
import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.client.RenameMode;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two clients that both write names behind, and take turns at random, find what one client alone would find. Another seed every time;
 * {@code -Dtarn.seed=N} does the same again.
 */
@Timeout(600)
class DelegationsRandomTest {
    private static final int STEPS = 2_000;
    /** Chances that the other client takes over: seldom, so that promises gather, and often, so that all are recalled. */
    private static final List<Integer> TURNS = List.of(100, 10, 2);

    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @TempDir
    Path data;

    private Random random;
    private TreeModel model;
    private long root;
    private Inodes.Entry rootEntry;
    /** Inodes that a client has come to know of; one that is only promised is known to nobody else. */
    private final Map<Inodes, Set<Long>> seen = new IdentityHashMap<>();

    @Test
    void whatOneClientSeesIsAsIfTheOtherHadDoneEverythingAtOnce(final TestInfo test) {
        final long seed = Long.getLong("tarn.seed", System.nanoTime());
        random = new Random(seed);
        try (InodesFixture fixture = new InodesFixture(data, test)) {
            try (InodesFixture.Peer peer = fixture.connect()) {
                fixture.client.delegations().use(fixture.volume, directory -> {});
                peer.client().delegations().use(fixture.volume, directory -> {});
                for (final int turns : TURNS) {
                    final NewNode directory = NewNode.directory(0755, InodesFixture.OWNER);
                    root = fixture.inodes
                            .make(fixture.root, Key.of("turns" + turns), directory, true)
                            .inode();
                    model = new TreeModel(root);
                    rootEntry = new Inodes.Entry(fixture.root, Key.of("turns" + turns));
                    final List<Inodes> clients =
                            List.of(fixture.inodes, peer.client().inodes());
                    clients.forEach(client -> seen.put(client, new HashSet<>()));
                    run(seed, turns, clients);
                }
                fixture.client.delegations().flush();
                peer.client().delegations().flush();
                assertThat(fixture.node.fsck().run(false).findings()).isEmpty();
            }
        }
    }

    private void run(final long seed, final int turns, final List<Inodes> clients) {
        int client = 0;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(turns) == 0) {
                client = 1 - client;
            }
            try {
                step(clients.get(client));
            } catch (final StorageException | AssertionError failed) {
                throw new AssertionError(
                        "seed %d, turns %d, step %d: %s".formatted(seed, turns, step, failed.getMessage()), failed);
            }
        }
    }

    /** A client comes to an inode as programs do: down from what it knows, by names. */
    private long reached(final Inodes client, final long inode) {
        if (!seen.get(client).contains(inode)) {
            final Inodes.Entry entry = inode == root ? rootEntry : nameOf(inode);
            if (inode != root) {
                reached(client, entry.directory());
            }
            assertThat(client.lookup(entry.directory(), entry.name()).map(Node::inode))
                    .contains(inode);
            seen.get(client).add(inode);
        }
        return inode;
    }

    private Inodes.Entry nameOf(final long inode) {
        return model.things.entrySet().stream()
                .flatMap(thing -> thing.getValue().entries.entrySet().stream()
                        .filter(entry -> entry.getValue() == inode)
                        .map(entry -> new Inodes.Entry(thing.getKey(), Key.of(entry.getKey()))))
                .findFirst()
                .orElseThrow();
    }

    private long anyDirectory() {
        final List<Long> all = model.things.entrySet().stream()
                .filter(thing -> thing.getValue().directory)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return all.get(random.nextInt(all.size()));
    }

    private Optional<Long> anyFile() {
        final List<Long> all = model.things.entrySet().stream()
                .filter(thing -> !thing.getValue().directory)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private String anyName() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private static <T> T expecting(final Optional<Failure> expected, final Supplier<T> call, final T otherwise) {
        try {
            final T result = call.get();
            assertThat(expected).as("a call that should have failed").isEmpty();
            return result;
        } catch (final StorageException failed) {
            assertThat(Optional.of(failed.failure())).as(failed.getMessage()).isEqualTo(expected);
            return otherwise;
        }
    }

    private void step(final Inodes client) {
        final long directory = reached(client, anyDirectory());
        final String name = anyName();
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> write(client, directory, name);
            case 3 -> makeDirectory(client, directory, name);
            case 4, 5 ->
                expecting(
                        model.unlink(directory, name),
                        () -> {
                            client.unlink(directory, Key.of(name), "");
                            return true;
                        },
                        true);
            case 6 ->
                expecting(
                        model.removeDirectory(directory, name),
                        () -> {
                            client.removeDirectory(directory, Key.of(name));
                            return true;
                        },
                        true);
            case 7 -> rename(client, directory, name);
            case 8 -> anyFile().ifPresent(file -> changeMode(client, reached(client, file)));
            case 9 -> look(client, directory, name);
            case 10 -> list(client, directory);
            case 11 -> anyFile().ifPresent(file -> readAndAppend(client, reached(client, file)));
            case 12 -> {
                if (random.nextInt(4) == 0) {
                    anyFile().ifPresent(file -> link(client, reached(client, file), directory, name));
                }
            }
            default -> throw new IllegalStateException("no such step");
        }
    }

    private void write(final Inodes client, final long directory, final String name) {
        final String content = "x".repeat(random.nextInt(20));
        final Optional<Failure> expected = model.make(directory, name);
        final NewNode what = NewNode.file(0644, InodesFixture.OWNER);
        final long made = expecting(
                expected,
                () -> {
                    try (OpenFile file = client.create(directory, Key.of(name), what, true)) {
                        if (!content.isEmpty()) {
                            file.write(0, InodesFixture.text(content));
                        }
                        if (random.nextInt(10) == 0) {
                            file.sync();
                        }
                        return file.inode();
                    }
                },
                0L);
        if (expected.isEmpty()) {
            model.made(directory, name, made, false);
            model.thing(made).content = content;
        }
    }

    private void makeDirectory(final Inodes client, final long directory, final String name) {
        final Optional<Failure> expected = model.make(directory, name);
        final NewNode what = NewNode.directory(0644, InodesFixture.OWNER);
        final long made = expecting(
                expected, () -> client.make(directory, Key.of(name), what, true).inode(), 0L);
        if (expected.isEmpty()) {
            model.made(directory, name, made, true);
        }
    }

    private void rename(final Inodes client, final long from, final String fromName) {
        final long to = reached(client, anyDirectory());
        final String toName = anyName();
        expecting(
                model.rename(from, fromName, to, toName),
                () -> {
                    client.rename(from, Key.of(fromName), to, Key.of(toName), RenameMode.REPLACE, "");
                    return true;
                },
                true);
    }

    private void changeMode(final Inodes client, final long file) {
        final int mode = random.nextInt(0777);
        client.setAttributes(file, AttributeChange.NONE.withMode(mode));
        model.thing(file).mode = mode;
    }

    private void look(final Inodes client, final long directory, final String name) {
        final Optional<Node> found = client.lookup(directory, Key.of(name));
        assertThat(found.map(Node::inode)).isEqualTo(model.find(directory, name));
        found.ifPresent(this::agrees);
        final Node self = client.find(directory).orElseThrow();
        final long subdirectories = model.thing(directory).entries.values().stream()
                .filter(inode -> model.thing(inode).directory)
                .count();
        assertThat(self.links()).isEqualTo((int) (2 + subdirectories));
    }

    private void agrees(final Node node) {
        final TreeModel.Thing thing = model.thing(node.inode());
        assertThat(node.isDirectory()).isEqualTo(thing.directory);
        if (!thing.directory) {
            assertThat(node.size()).isEqualTo(thing.content.length());
            assertThat(node.mode()).isEqualTo(thing.mode);
            assertThat(node.links()).isEqualTo(thing.names);
        }
    }

    private void list(final Inodes client, final long directory) {
        final Map<String, Long> listed = new TreeMap<>();
        for (final DirectoryPage.Entry entry :
                client.readDirectory(directory, Key.EMPTY, 100).entries()) {
            listed.put(entry.name().toString(), entry.node().inode());
            agrees(entry.node());
        }
        assertThat(listed).isEqualTo(model.thing(directory).entries);
    }

    private void readAndAppend(final Inodes client, final long inode) {
        final TreeModel.Thing thing = model.thing(inode);
        try (OpenFile file = client.open(inode)) {
            assertThat(InodesFixture.readText(file)).isEqualTo(thing.content);
            file.write(thing.content.length(), InodesFixture.text("y"));
            thing.content += "y";
        }
    }

    private void link(final Inodes client, final long file, final long directory, final String name) {
        expecting(model.link(file, directory, name), () -> client.link(file, directory, Key.of(name)), null);
    }
}
