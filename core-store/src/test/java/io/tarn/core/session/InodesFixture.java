package io.tarn.core.session;

import io.tarn.client.Inodes;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.OpenFile;
import io.tarn.client.Principal;
import io.tarn.client.VolumeSettings;
import io.tarn.core.node.LocalNode;
import io.tarn.core.node.NodeSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A node on a real disk with one volume, and short words for what is done to it. */
final class InodesFixture implements AutoCloseable {
    static final Principal OWNER = new Principal("root", "root", 7, 8, List.of(), true);

    final LocalNode node;
    final Inodes inodes;
    final long volume;
    final long root;

    InodesFixture(final Path data) {
        this.node = LocalNode.start(NodeSettings.defaults(data));
        node.administration().ensureRoot("ROOTKEY", "rootsecret");
        this.inodes = node.client().inodes();
        this.volume = node.client()
                .administration()
                .volume("bucket")
                .orElseGet(() -> node.client().administration().createVolume("bucket", OWNER, VolumeSettings.DEFAULT))
                .id();
        this.root = inodes.root(volume).inode();
    }

    Node file(final String name) {
        return inodes.make(root, Key.of(name), NewNode.file(0644, OWNER), true);
    }

    Node directory(final long parent, final String name) {
        return inodes.make(parent, Key.of(name), NewNode.directory(0755, OWNER), true);
    }

    static ByteBuffer text(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] random(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static byte[] read(final OpenFile file, final long offset, final int length) {
        final ByteBuffer target = ByteBuffer.allocate(length);
        final int count = file.read(offset, target);
        final byte[] bytes = new byte[count];
        target.flip().get(bytes);
        return bytes;
    }

    static String readText(final OpenFile file) {
        return new String(read(file, 0, 1 << 16), StandardCharsets.UTF_8).replace('\0', '.');
    }

    @Override
    public void close() {
        node.close();
    }
}
