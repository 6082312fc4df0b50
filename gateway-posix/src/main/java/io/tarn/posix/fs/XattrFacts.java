package io.tarn.posix.fs;

import io.tarn.client.Key;
import java.util.Map;
import java.util.Optional;

/**
 * What an inode's extended attributes mean for operations on it.
 *
 * @param access its access ACL, where it has more than its mode says
 * @param inherited the default ACL that what is made in the directory gets
 * @param capable whether running it gives capabilities, which fall when it is written
 */
record XattrFacts(Optional<PosixAcl> access, Optional<PosixAcl> inherited, boolean capable) {
    static final Key ACCESS_ACL = Key.of("system.posix_acl_access");
    static final Key DEFAULT_ACL = Key.of("system.posix_acl_default");
    static final Key CAPABILITY = Key.of("security.capability");

    /** Of what has just been made, and inherits nothing. */
    static final XattrFacts NONE = new XattrFacts(Optional.empty(), Optional.empty(), false);

    static XattrFacts of(final Map<Key, byte[]> attributes) {
        return new XattrFacts(
                Optional.ofNullable(attributes.get(ACCESS_ACL)).map(PosixAcl::parse),
                Optional.ofNullable(attributes.get(DEFAULT_ACL)).map(PosixAcl::parse),
                attributes.containsKey(CAPABILITY));
    }
}
