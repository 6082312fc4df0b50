package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.posix.fs.ModelTree.Inode;
import io.tarn.posix.fs.TestMount.Descriptor;
import java.util.Map;

/** Compares what mounts show with the model. */
final class ModelComparison {
    private final Map<Inode, Long> numbers;

    /** @param numbers what the mounts call the model's inodes */
    ModelComparison(final Map<Inode, Long> numbers) {
        this.numbers = numbers;
    }

    void agree(final Inode inode, final Attributes shown) {
        assertThat(shown.mode()).as("mode").isEqualTo(inode.type | inode.mode);
        assertThat(shown.links()).as("links").isEqualTo(inode.shownLinks());
        assertThat(shown.size()).as("size").isEqualTo(inode.isDirectory() ? shown.size() : inode.size());
        assertThat(shown.uid()).as("uid").isEqualTo(inode.uid);
        assertThat(shown.gid()).as("gid").isEqualTo(inode.gid);
        assertThat(shown.inode()).as("inode").isEqualTo(numbers.get(inode));
    }

    /** All below a directory, as a mount shows it. */
    void agreesWith(final TestMount other, final Inode directory, final String path) {
        assertThat(other.list(path)).containsExactlyInAnyOrderElementsOf(directory.children.keySet());
        directory.children.forEach((name, child) -> {
            final String below = path + name;
            agree(child, other.stat(below));
            if (child.isDirectory()) {
                agreesWith(other, child, below + "/");
            } else if (child.type == Modes.FILE) {
                final Descriptor file = other.open(below, TestMount.READ);
                assertThat(file.read(0, child.bytes.length + 1)).as(below).isEqualTo(child.bytes);
                file.close();
            }
            child.xattrs.forEach(
                    (xattr, value) -> assertThat(other.files.xattr(other.caller, other.inode(below), Key.of(xattr)))
                            .isEqualTo(value));
            assertThat(other.files.xattrs(other.caller, other.inode(below))).hasSameSizeAs(child.xattrs.keySet());
        });
    }
}
