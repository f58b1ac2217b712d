import './base.css';
import './batch.css';
import './curves.css';
import './marks.css';
import './registry.css';
import './run.css';
import './compare.css';
import './sparks.css';
