/**
 * Vertices and the workspace: what results are made of, what is taken from the workspace as a result, and how a result is
 * brought back into it.
 *
 * <p>Terms: the <em>workspace</em> is the folder that a graph's paths start from; <em>declared outputs</em> are what an
 * exec op says that it makes; to <em>take</em> is to make a result of what stands there, to <em>restore</em> the other way
 * round; the <em>state file</em> tells which of the workspace's files are whose result. Nothing outside of the workspace
 * is ever written, and inside of it nothing that a vertex does not declare.
 *
 * <p>Runs tools and steps as child processes. May use {@code cachemap}, {@code solver}, {@code store}, {@code content}, {@code graph},
 * {@code pattern}, {@code oci}, {@code digest}, {@code json}.
 */
@NullMarked
package dev.cachetool.step;

import org.jspecify.annotations.NullMarked;
