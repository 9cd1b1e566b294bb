"""Tables that grow, saved and restored with the variables."""

import tempfile

from ..harness import case


@case
def saved_with_the_variables(tf, run):
    words = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1, name="words")
    pairs = tf.contrib.lookup.MutableHashTable(tf.int64, tf.float32, [-1.0, 0.0], name="pairs")
    tf.contrib.lookup.MutableHashTable(tf.int64, tf.int64, -1, name="own", checkpoint=False)
    v = tf.Variable(1.0, name="v")
    run([words.insert(["a", "b"], tf.constant([1, 2], tf.int64)),
         pairs.insert(tf.constant([7], tf.int64), [[1.0, 2.0]])])
    with tempfile.TemporaryDirectory() as directory:
        saver = tf.train.Saver()
        path = saver.save(run.session, directory + "/all")
        some = tf.train.Saver([v, words]).save(run.session, directory + "/some")
        only = tf.train.Saver([v]).save(run.session, directory + "/only")
        found = [tf.train.list_variables(p) for p in (path, some, only)]
        run([words.insert(["c", "a"], tf.constant([3, 9], tf.int64)), tf.assign(v, 5.0)])
        saver.restore(run.session, path)
        found += [len(tf.get_collection("saveable_objects")), run([v, words.size(), pairs.size()]),
                  run(words.lookup(tf.constant(["a", "b", "c"]))),
                  run(pairs.lookup(tf.constant([7, 8], tf.int64)))]
        with tf.Graph().as_default(), tf.Session() as session:
            tf.train.import_meta_graph(path + ".meta").restore(session, path)
            found.append(session.run("words_lookup_table_export_values/LookupTableExportV2:1").sum())
    return found
