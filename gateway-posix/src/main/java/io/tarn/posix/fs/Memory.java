package io.tarn.posix.fs;

import io.tarn.client.Node;
import java.util.Optional;

/**
 * What a file system remembers of names and inodes. It is kept true by whoever changes something here, and for what changes
 * elsewhere by the {@link ChangeFollower}; while that cannot follow, nothing is remembered and nothing may be by the kernel.
 *
 * <p>Own inode numbers are the cluster's everywhere in here. Thread-safe.
 */
final class Memory {
    /** Stands for "nothing bears this name". */
    static final long NOTHING = 0;

    private final MountOptions options;
    private final Moments moments = new Moments();
    private final StripedCache<EntryName, Long> names;
    private final StripedCache<Long, Node> nodes;
    private final StripedCache<Long, XattrFacts> facts;
    private final StripedCache<Long, Heritage> heritages;
    private final StripedCache<Long, Long> pages;
    private final StripedCache<Long, Boolean> unlinked;
    private final StripedCache<Long, EntryName> ways;
    private volatile boolean following;

    Memory(final MountOptions options) {
        this.options = options;
        this.names = new StripedCache<>(options.cacheEntries(), moments);
        this.nodes = new StripedCache<>(options.cacheEntries(), moments);
        this.facts = new StripedCache<>(options.cacheEntries(), moments);
        this.heritages = new StripedCache<>(options.cacheEntries(), moments);
        this.pages = new StripedCache<>(options.cacheEntries(), moments);
        this.unlinked = new StripedCache<>(options.openFilesMax(), moments);
        this.ways = new StripedCache<>(options.cacheEntries(), moments);
    }

    /** Whether changes elsewhere are heard of. */
    void follow(final boolean now) {
        following = now;
    }

    /** To be taken before anything is read that is to be remembered. */
    long now() {
        return moments.now();
    }

    /** What a name leads to, {@link #NOTHING} included. */
    Optional<Long> name(final EntryName name) {
        return following ? names.get(name) : Optional.empty();
    }

    Optional<Node> node(final long inode) {
        return following ? nodes.get(inode) : Optional.empty();
    }

    /** Whether no change of the inode has become known after a moment. */
    boolean isUnchanged(final long inode, final long moment) {
        return nodes.isUnchanged(inode, moment);
    }

    Optional<XattrFacts> facts(final long inode) {
        return following ? facts.get(inode) : Optional.empty();
    }

    /** Remembers what a name leads to; answers for how many milliseconds others may. */
    long keep(final EntryName name, final long inode, final long moment) {
        return following && name.isLasting() && names.put(name, inode, moment)
                ? options.entryTimeout().toMillis()
                : 0;
    }

    /** Remembers an inode; answers for how many milliseconds others may. */
    long keep(final Node node, final long moment) {
        return following && nodes.put(node.inode(), node, moment)
                ? options.attributeTimeout().toMillis()
                : 0;
    }

    /** Remembers what a change made here has made of a name; {@code moment} was before it. */
    long changed(final EntryName name, final long inode, final long moment) {
        return names.replace(name, inode, moment) && following && name.isLasting()
                ? options.entryTimeout().toMillis()
                : 0;
    }

    /** Remembers what a change made here has made of an inode, its owner and mode included; {@code moment} was before it. */
    long attributesChanged(final Node node, final long moment) {
        heritages.drop(node.inode());
        facts.drop(node.inode());
        return changed(node, moment);
    }

    /** Remembers what a change made here has made of an inode; {@code moment} was before it. */
    long changed(final Node node, final long moment) {
        return nodes.replace(node.inode(), node, moment) && following
                ? options.attributeTimeout().toMillis()
                : 0;
    }

    void keep(final long inode, final XattrFacts known, final long moment) {
        facts.put(inode, known, moment);
    }

    /** What the name led to, as far as that was known. */
    Optional<Long> nameChanged(final EntryName name) {
        return names.drop(name);
    }

    void nodeChanged(final long inode) {
        nodes.drop(inode);
    }

    /** Owner, mode or extended attributes were set, beside what {@link #nodeChanged} is for: times, size and links. */
    void attributesChanged(final long inode) {
        heritages.drop(inode);
        facts.drop(inode);
        nodes.drop(inode);
    }

    Optional<Heritage> heritage(final long directory) {
        return following ? heritages.get(directory) : Optional.empty();
    }

    void keep(final long directory, final Heritage heritage, final long moment) {
        heritages.put(directory, heritage, moment);
    }

    /** The content generation that the kernel's pages of a file are known to show. */
    Optional<Long> pagesOf(final long inode) {
        return following ? pages.get(inode) : Optional.empty();
    }

    /**
     * They were dropped after {@code moment}, and what was read since shows a content generation or a later one. What is known of own writes
     * since then stays.
     */
    void pagesAre(final long inode, final long contentGeneration, final long moment) {
        if (pages.get(inode).filter(known -> known >= contentGeneration).isEmpty()) {
            pages.put(inode, contentGeneration, moment);
        }
    }

    /** The kernel has put into its pages what was written through it. Where they were not known to be good they have not become so. */
    void pagesWritten(final long inode, final long contentGeneration) {
        final long moment = moments.now();
        if (pages.get(inode).isPresent()) {
            pages.put(inode, contentGeneration, moment);
        }
    }

    void pagesChanged(final long inode) {
        pages.drop(inode);
    }

    /** A file was reached by a name. */
    void reached(final EntryName name, final long inode) {
        if (name.isLasting()) {
            ways.put(inode, name, moments.now());
        }
    }

    /** The name by which a file was reached last; it may lead elsewhere by now. */
    Optional<EntryName> way(final long inode) {
        return ways.get(inode);
    }

    /** A name of the inode is gone, and the kernel knows: who still reaches it has it open. */
    void unlinked(final long inode) {
        unlinked.put(inode, true, moments.now());
    }

    boolean isUnlinked(final long inode) {
        return unlinked.get(inode).isPresent();
    }

    /** Forgets what is in a directory, because it changes without being told of. */
    void forgetIn(final long directory, final Invalidation kernel, final Numbers numbers) {
        names.dropWhere(name -> name.parent() == directory, (name, inode) -> {
            kernel.entry(numbers.shown(name.parent()), name.name());
            if (inode != NOTHING) {
                attributesChanged(inode);
                pages.drop(inode);
                kernel.inode(numbers.shown(inode), 0, 0);
            }
        });
        attributesChanged(directory);
        kernel.inode(numbers.shown(directory), -1, 0);
    }

    /** Forgets everything, because it cannot be told what changed. */
    void forget(final Invalidation kernel, final Numbers numbers) {
        pages.dropAll(inode -> {});
        facts.dropAll(inode -> {});
        heritages.dropAll(inode -> {});
        names.dropAll(name -> kernel.entry(numbers.shown(name.parent()), name.name()));
        nodes.dropAll(inode -> kernel.inode(numbers.shown(inode), 0, 0));
    }
}
