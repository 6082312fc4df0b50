package io.tarn.posix.fs;

import io.tarn.client.Key;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which extended attributes an inode has, and what they mean for operations on it. Values are not kept: the kernel asks again and again for
 * what is not there, and seldom for what is.
 *
 * @param access its access ACL, where it has more than its mode says
 * @param inherited the default ACL that what is made in the directory gets
 * @param names all it has
 */
record XattrFacts(Optional<PosixAcl> access, Optional<PosixAcl> inherited, Set<Key> names) {
    static final Key ACCESS_ACL = Key.of("system.posix_acl_access");
    static final Key DEFAULT_ACL = Key.of("system.posix_acl_default");
    static final Key CAPABILITY = Key.of("security.capability");

    /** Of what has no attributes. */
    static final XattrFacts NONE = new XattrFacts(Optional.empty(), Optional.empty(), Set.of());

    XattrFacts {
        names = Set.copyOf(names);
    }

    static XattrFacts of(final Map<Key, byte[]> attributes) {
        if (attributes.isEmpty()) {
            return NONE;
        }
        return new XattrFacts(
                Optional.ofNullable(attributes.get(ACCESS_ACL)).map(PosixAcl::parse),
                Optional.ofNullable(attributes.get(DEFAULT_ACL)).map(PosixAcl::parse),
                attributes.keySet());
    }

    /** Whether running it gives capabilities, which fall when it is written. */
    boolean capable() {
        return names.contains(CAPABILITY);
    }
}
