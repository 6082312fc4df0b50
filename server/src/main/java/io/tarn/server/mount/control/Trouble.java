package io.tarn.server.mount.control;

/** Why a mount cannot be: what a script tells apart. */
public enum Trouble {
    /** Of no other kind. */
    FAILED,
    /** The options or the target are not understood. */
    USAGE,
    /** No such volume, or no such directory in it. */
    NOT_FOUND,
    /** Nobody answers at the endpoint. */
    NO_SERVER,
    /** The key is not known, or may not. */
    DENIED
}
